/* SPDX-License-Identifier: Apache-2.0 */
// Whether the server can be reached. The browser's own word counts only when it says no.
import { html, nothing } from "../lit.js";
import { words } from "../language/language.js";
import { icon } from "./icons.js";
import { announce } from "./notices.js";
import { redraw } from "./render.js";

const FIRST_TRY = 2000;
const LONGEST_WAIT = 30000;

let away = false;
let wait = FIRST_TRY;
let timer = 0;
let attempt = () => {};
const listeners = [];

/** Says how to find out whether the server is there again: a function that ends in `lost` or `found`. */
export function tryWith(step) {
  attempt = step;
}

/** Calls back when the server is there again. */
export function onReturn(step) {
  listeners.push(step);
}

export function isAway() {
  return away;
}

/** Nothing was heard of the server. */
export function lost() {
  if (!away) {
    away = true;
    wait = FIRST_TRY;
    announce(words().connection.lost);
  }
  plan();
  redraw();
}

/** The server was heard of. */
export function found() {
  if (!away) {
    return;
  }
  away = false;
  clearTimeout(timer);
  announce(words().connection.found);
  redraw();
  listeners.forEach((step) => step());
}

function plan() {
  clearTimeout(timer);
  // without any network, the browser tells when there is one again
  if (navigator.onLine) {
    timer = setTimeout(look, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }
}

// an attempt that hears nothing plans the next one by itself
function look() {
  if (away) {
    attempt();
  }
}

addEventListener("offline", lost);
addEventListener("online", () => {
  wait = FIRST_TRY;
  look();
});

/** The line that says so. */
export function connectionView() {
  return away
    ? html`<aside class="banner" aria-label=${words().connection.lost}>
        <span>${icon("offline")} ${words().connection.banner}</span>
        <button type="button" class="link" @click=${look}>${words().again}</button>
      </aside>`
    : nothing;
}
