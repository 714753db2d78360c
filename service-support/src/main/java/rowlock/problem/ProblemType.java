/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.problem;

/**
 * The fixed members of a problem (RFC 9457 §3.1) and the standard behind it.
 *
 * @param status the HTTP status
 * @param title a short summary
 * @param detail advice for the developer of a client
 * @param rfc the URL of the section of the standard
 */
public record ProblemType(int status, String title, String detail, String rfc) {}
