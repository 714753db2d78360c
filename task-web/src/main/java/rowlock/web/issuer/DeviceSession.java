/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import org.jspecify.annotations.Nullable;

/**
 * One of a person's sessions at the issuer.
 *
 * @param id its name there
 * @param current whether it is the one that asks
 * @param browser as Keycloak reads it from the browser's own words, such as {@code Firefox/140.0}
 * @param system likewise, such as {@code Windows}
 * @param address where it was begun from
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
