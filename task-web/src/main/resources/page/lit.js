/* SPDX-License-Identifier: Apache-2.0 */
// The one place that knows where the library is: beside us, from a WebJar.
export { html, svg, nothing, render } from "./lit-html/lit-html.js";
export { repeat } from "./lit-html/directives/repeat.js";
export { live } from "./lit-html/directives/live.js";
