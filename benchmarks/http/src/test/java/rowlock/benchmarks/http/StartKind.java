/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks.http;

import java.util.Locale;

/** The ways to start a service that are compared. */
enum StartKind {
  /** The executable jar, as the build makes it. */
  JAR,
  /** The jar as Spring Boot extracts it: the libraries are files of their own. */
  EXTRACTED,
  /** The extracted jar with the cache of the JVM (JEP 483) from an earlier run, as in the image. */
  CACHED;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
