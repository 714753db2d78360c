/* SPDX-License-Identifier: Apache-2.0 */
package com.example.shop;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;

/** An application that brings much of its own. */
@SpringBootApplication
@EnableMethodSecurity
public class ShopApplication {}
