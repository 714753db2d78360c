/* SPDX-License-Identifier: Apache-2.0 */
package com.example.library;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** An application with JPA entities. */
@SpringBootApplication
public class LibraryApplication {}
