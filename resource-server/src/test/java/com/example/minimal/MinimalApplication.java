/* SPDX-License-Identifier: Apache-2.0 */
package com.example.minimal;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The smallest application on the starter: one table and one controller. */
@SpringBootApplication
public class MinimalApplication {}
