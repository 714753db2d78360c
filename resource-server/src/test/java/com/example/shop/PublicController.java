/* SPDX-License-Identifier: Apache-2.0 */
package com.example.shop;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Public pages. */
@RestController
@RequestMapping("/public")
class PublicController {
  private final JdbcClient jdbc;

  PublicController(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @GetMapping("/prices")
  String prices() {
    return "prices";
  }

  /** A defect: accesses rows without an owner. */
  @GetMapping("/orders")
  Integer orders() {
    return jdbc.sql("select count(*) from orders").query(Integer.class).single();
  }
}
