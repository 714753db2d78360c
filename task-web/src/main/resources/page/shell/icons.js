/* SPDX-License-Identifier: Apache-2.0 */
// Icons of 20 by 20 units, in the colour of the surrounding text.
import { html, svg } from "../lit.js";

const SHAPES = {
  add: svg`<path d="M10 4v12M4 10h12"/>`,
  search: svg`<circle cx="9" cy="9" r="5"/><path d="m13 13 4 4"/>`,
  edit: svg`<path d="m4 16 1-4 8.5-8.5 3 3L8 15z"/><path d="m11.5 5.5 3 3"/>`,
  remove: svg`<path d="M4 6h12M8 6V4h4v2M6 6l.7 10.5h6.6L14 6M8.7 9v4.5M11.3 9v4.5"/>`,
  close: svg`<path d="m5 5 10 10M15 5 5 15"/>`,
  keys: svg`<rect x="2.5" y="5" width="15" height="10" rx="2"/><path d="M5.5 8h.01M8.5 8h.01M11.5 8h.01M14.5 8h.01M6.5 12h7"/>`,
  desktop: svg`<rect x="3" y="4" width="14" height="9" rx="1.5"/><path d="M7 17h6M10 13v4"/>`,
  phone: svg`<rect x="6" y="2.5" width="8" height="15" rx="2"/><path d="M9.5 15h1"/>`,
  person: svg`<circle cx="10" cy="7" r="3.2"/><path d="M4 17c.6-3.2 3-4.8 6-4.8s5.4 1.6 6 4.8"/>`,
  mail: svg`<rect x="3" y="5" width="14" height="10" rx="1.5"/><path d="m3.5 6 6.5 5 6.5-5"/>`,
  password: svg`<rect x="4" y="9" width="12" height="8" rx="2"/><path d="M7 9V6.5a3 3 0 0 1 6 0V9M10 12.5v1.5"/>`,
  passkey: svg`<circle cx="7" cy="7.5" r="3.5"/><path d="m9.5 10 6.5 6.5M13.5 14l1.5-1.5"/>`,
  factor: svg`<path d="M10 2.5 4 5v4.5c0 4 2.5 6.6 6 8 3.5-1.4 6-4 6-8V5z"/><path d="m7.5 9.8 1.9 1.9 3.3-3.6"/>`,
  out: svg`<path d="M8 4H5a1.5 1.5 0 0 0-1.5 1.5v9A1.5 1.5 0 0 0 5 16h3M12.5 6.5 16 10l-3.5 3.5M16 10H8"/>`,
  offline: svg`<path d="M3 3l14 14M6 10.5A6 6 0 0 1 8 9.2M2.8 7.6A11 11 0 0 1 5.5 5.8M8.8 4.6a11 11 0 0 1 8.4 3M12 9.3a6 6 0 0 1 2 1.2M10 14.5h.01"/>`,
  warning: svg`<path d="M10 3.5 2.5 16.5h15zM10 8.5v3.5M10 14.3h.01"/>`,
  chevron: svg`<path d="m8 5 5 5-5 5"/>`,
};

/** Returns an icon that is hidden from screen readers, because the control around it has a name. */
export function icon(name) {
  return html`<svg class="drawing" viewBox="0 0 20 20" aria-hidden="true" focusable="false">${SHAPES[name]}</svg>`;
}

/** Returns the image of an empty list. */
export function emptyImage() {
  return html`<svg class="calm" viewBox="0 0 112 56" aria-hidden="true" focusable="false">
    <circle cx="56" cy="27" r="12" />
    <path d="M20 38c6-4 12-4 18 0s12 4 18 0 12-4 18 0 12 4 18 0" />
    <path d="M34 48c5-3 10-3 15 0s10 3 15 0 10-3 15 0" />
  </svg>`;
}
