/* SPDX-License-Identifier: Apache-2.0 */
package com.example.shop;

/** An exception of the domain. */
class OutOfStockException extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
