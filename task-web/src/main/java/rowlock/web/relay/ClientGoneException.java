/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.relay;

import java.io.IOException;

/** The browser did not wait for the rest of its answer: nobody's fault, and nobody to tell. */
final class ClientGoneException extends IOException {

  private static final long serialVersionUID = 1L;

  ClientGoneException(IOException cause) {
    super(cause);
  }
}
