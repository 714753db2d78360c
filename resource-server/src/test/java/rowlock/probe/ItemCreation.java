/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.probe;

/** The outcome of a creation. */
public sealed interface ItemCreation {
  /** The item was created, by this request or by an earlier one with the same idempotency key. */
  record Created(Item item) implements ItemCreation {}

  /** The idempotency key belongs to a creation with another title. Nothing was changed. */
  record KeyReused() implements ItemCreation {}

  /** The owner has the maximum number of items. */
  record LimitReached() implements ItemCreation {}

  /** Returns the item of a creation that must have succeeded. */
  default Item created() {
    if (this instanceof Created created) {
      return created.item();
    }
    throw new AssertionError(this);
  }
}
