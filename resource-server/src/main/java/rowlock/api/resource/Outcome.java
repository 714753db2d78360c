/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.resource;

/**
 * The outcome of a change to one resource.
 *
 * @param <T> the type of the resource
 */
public sealed interface Outcome<T> {
  /**
   * The change was made.
   *
   * @param resource as it is now, or as it was if it has been deleted
   */
  record Done<T>(T resource) implements Outcome<T> {}

  /** The resource has another version than those that the change may start from. */
  record Stale<T>() implements Outcome<T> {}

  /** The owner has no such resource. */
  record Missing<T>() implements Outcome<T> {}
}
