/* SPDX-License-Identifier: Apache-2.0 */
// The only module with the library's path; it is served from a WebJar.
export { html, svg, nothing, render } from "./lit-html/lit-html.js";
export { repeat } from "./lit-html/directives/repeat.js";
export { live } from "./lit-html/directives/live.js";
