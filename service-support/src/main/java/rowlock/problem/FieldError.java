/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.problem;

/**
 * What is wrong with one member of a request body.
 *
 * @param pointer JSON Pointer (RFC 6901) to the member, empty for the whole body
 * @param detail what it should have been; never repeats what was sent
 */
public record FieldError(String pointer, String detail) {}
