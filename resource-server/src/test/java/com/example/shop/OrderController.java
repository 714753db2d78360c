/* SPDX-License-Identifier: Apache-2.0 */
package com.example.shop;

import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Orders over HTTP. */
@RestController
@RequestMapping("/api/{owner}/orders")
class OrderController {
  record Order(String title) {}

  private final JdbcClient jdbc;

  OrderController(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @GetMapping
  List<Order> list() {
    return jdbc.sql("select title from orders order by id").query(Order.class).list();
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  Order create(@RequestBody Order order) {
    jdbc.sql("insert into orders (title) values (?)").param(order.title()).update();
    return order;
  }

  @PostMapping("/rare")
  void rare() {
    throw new OutOfStockException();
  }

  @PostMapping("/broken")
  void broken() {
    throw new IllegalArgumentException("a defect");
  }

  @GetMapping("/refunds")
  @PreAuthorize("hasAuthority('SCOPE_refund')")
  public String refunds(@AuthenticationPrincipal Jwt token) {
    return "refunds of " + token.getSubject();
  }
}
