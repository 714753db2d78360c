/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.cache;

/** A program that starts with a cache. */
final class CachedProgram {
  private CachedProgram() {}

  /** Prints a line, or fails if the environment says so. */
  public static void main(String[] arguments) {
    System.out.println("started");
    System.exit("true".equals(System.getenv("FAIL")) ? 1 : 0);
  }
}
