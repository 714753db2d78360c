/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.problem;

/**
 * An invalid member of a request body.
 *
 * @param pointer JSON Pointer (RFC 6901) to the member, empty for the whole body
 * @param detail the expected value; never contains the value that was sent
 */
public record FieldError(String pointer, String detail) {}
