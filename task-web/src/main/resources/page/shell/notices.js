/* SPDX-License-Identifier: Apache-2.0 */
// What has happened, in a line at the foot of the page, and for those who hear the page.
import { html, nothing, repeat } from "../lit.js";
import { words } from "../language/language.js";
import { icon } from "./icons.js";
import { redraw } from "./render.js";

const SHOWN_FOR = 8000;
const AT_MOST = 3;

let notices = [];
let heard = "";
let next = 0;

/** Has a screen reader say it. The same twice differs by a blank, or it would be said once. */
export function announce(text) {
  heard = heard === text ? text + "\u00a0" : text;
  redraw();
}

/**
 * @param text what has happened
 * @param tone "plain" or "bad"
 * @param action {label, run}: a way back
 * @param gone called when the line goes without the action having been taken
 * @returns a function that takes the line away; with `true` as if its time were over
 */
export function notify(text, { tone = "plain", action = null, gone = () => {} } = {}) {
  const notice = { key: next++, text, tone, action, gone, left: SHOWN_FOR, since: 0, timer: 0 };
  notices.push(notice);
  announce(text);
  // a way back is not taken away before its time
  const oldest = notices.find((other) => !other.action && other !== notice);
  if (notices.length > AT_MOST && oldest) {
    close(oldest, true);
  }
  run(notice);
  redraw();
  return (asIfOver = false) => close(notice, asIfOver);
}

/** Takes the newest way back that is offered. @returns whether there was one */
export function takeBack() {
  const last = notices.findLast((notice) => notice.action);
  if (last) {
    act(last);
  }
  return Boolean(last);
}

/** Takes all lines away, and nothing else happens: they speak of what nobody else may read. */
export function clearNotices() {
  notices.forEach((notice) => clearTimeout(notice.timer));
  notices = [];
  heard = "";
  redraw();
}

function run(notice) {
  clearTimeout(notice.timer);
  notice.since = performance.now();
  notice.timer = setTimeout(() => close(notice, true), notice.left);
}

// who reads or is about to press has as long as they need (WCAG 2.2.1)
function hold(notice) {
  clearTimeout(notice.timer);
  notice.left = Math.max(2000, notice.left - (performance.now() - notice.since));
}

function close(notice, over) {
  if (!notices.includes(notice)) {
    return;
  }
  clearTimeout(notice.timer);
  notices = notices.filter((other) => other !== notice);
  if (over) {
    notice.gone();
  }
  redraw();
}

function act(notice) {
  close(notice, false);
  notice.action.run();
}

/** The lines. */
export function noticesView() {
  return html`
    <p class="heard" role="status" aria-live="polite">${heard}</p>
    <section class="notices" aria-label=${words().notices.label}>
      ${repeat(
        notices,
        (notice) => notice.key,
        (notice) => html`
          <div
            class="notice ${notice.tone}"
            @pointerenter=${() => hold(notice)}
            @pointerleave=${() => run(notice)}
            @focusin=${() => hold(notice)}
            @focusout=${() => run(notice)}
          >
            <p>${notice.text}</p>
            ${notice.action
              ? html`<button type="button" class="link" @click=${() => act(notice)}>${notice.action.label}</button>`
              : nothing}
            <button
              type="button"
              class="icon"
              aria-label=${words().notices.close}
              @click=${() => close(notice, true)}
            >
              ${icon("close")}
            </button>
          </div>
        `,
      )}
    </section>
  `;
}
