/* SPDX-License-Identifier: Apache-2.0 */
package com.example.shop;

import java.util.Map;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.stereotype.Component;

/** An endpoint for operators. */
@Component
@Endpoint(id = "prices")
class PricesEndpoint {
  @ReadOperation
  Map<String, Integer> prices() {
    return Map.of("apple", 1);
  }
}
