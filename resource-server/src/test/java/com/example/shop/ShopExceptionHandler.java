/* SPDX-License-Identifier: Apache-2.0 */
package com.example.shop;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Handles all exceptions. */
@RestControllerAdvice
class ShopExceptionHandler {
  @ExceptionHandler
  ProblemDetail outOfStock(OutOfStockException failure) {
    return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, "out of stock");
  }

  @ExceptionHandler
  ResponseEntity<String> everythingElse(Exception failure) {
    return ResponseEntity.internalServerError().body("handled by the shop");
  }
}
