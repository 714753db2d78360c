/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.relay;

import java.io.IOException;

/** Thrown if the browser closed the connection before the response was complete. */
final class BrowserDisconnectedException extends IOException {
  private static final long serialVersionUID = 1L;

  BrowserDisconnectedException(IOException cause) {
    super(cause);
  }
}
