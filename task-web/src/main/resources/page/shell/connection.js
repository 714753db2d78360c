/* SPDX-License-Identifier: Apache-2.0 */
// Reachability of the server. `navigator.onLine` is only trusted if it is false.
import { html, nothing } from "../lit.js";
import { words } from "../language/language.js";
import { icon } from "./icons.js";
import { announce } from "./notices.js";
import { redraw } from "./render.js";

const INITIAL_DELAY = 2000;
const MAX_DELAY = 30000;

let unreachable = false;
let delay = INITIAL_DELAY;
let timer = 0;
let probe = () => {};
const listeners = [];

/** Sets the request that checks the server: a function that calls `markReachable` or `markUnreachable`. */
export function setProbe(step) {
  probe = step;
}

/** Registers a listener, called when the server is reachable again. */
export function onReconnect(step) {
  listeners.push(step);
}

/** Returns whether the last request got no response. */
export function isUnreachable() {
  return unreachable;
}

/** Records that a request got no response. */
export function markUnreachable() {
  if (!unreachable) {
    unreachable = true;
    delay = INITIAL_DELAY;
    announce(words().connection.lost);
  }
  scheduleProbe();
  redraw();
}

/** Records that the server answered. */
export function markReachable() {
  if (!unreachable) {
    return;
  }
  unreachable = false;
  clearTimeout(timer);
  announce(words().connection.found);
  redraw();
  listeners.forEach((step) => step());
}

function scheduleProbe() {
  clearTimeout(timer);
  // without a network, the event `online` starts the next probe
  if (navigator.onLine) {
    timer = setTimeout(runProbe, delay);
    delay = Math.min(delay * 2, MAX_DELAY);
  }
}

// a failed probe schedules the next one
function runProbe() {
  if (unreachable) {
    probe();
  }
}

addEventListener("offline", markUnreachable);
addEventListener("online", () => {
  delay = INITIAL_DELAY;
  runProbe();
});

/** Returns the banner while the server is unreachable. */
export function connectionView() {
  return unreachable
    ? html`<aside class="banner" aria-label=${words().connection.lost}>
        <span>${icon("offline")} ${words().connection.banner}</span>
        <button type="button" class="link" @click=${runProbe}>${words().again}</button>
      </aside>`
    : nothing;
}
