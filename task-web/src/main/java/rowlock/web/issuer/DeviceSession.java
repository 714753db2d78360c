/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import org.jspecify.annotations.Nullable;

/**
 * A session of the user at the issuer.
 *
 * @param id session id at the issuer ({@code sid})
 * @param current whether it is the session of this request
 * @param browser browser and version as Keycloak reads them from {@code User-Agent}, such as {@code
 *     Firefox/140.0}
 * @param system operating system from the same header, such as {@code Windows}
 * @param address IP address from which the session was started
 * @param startedAt seconds since 1970
 * @param lastUsedAt seconds since 1970
 */
public record DeviceSession(
    String id,
    boolean current,
    @Nullable String browser,
    @Nullable String system,
    @Nullable String address,
    long startedAt,
    long lastUsedAt) {}
