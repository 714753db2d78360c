/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import java.io.IOException;

/** A body without a declared length exceeded the limit while it was read. */
final class ContentTooLargeException extends IOException {
  ContentTooLargeException() {
    super("request body over the limit");
  }
}
