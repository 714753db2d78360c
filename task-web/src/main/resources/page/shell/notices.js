/* SPDX-License-Identifier: Apache-2.0 */
// Notices at the bottom of the page, and announcements for screen readers.
import { html, nothing, repeat } from "../lit.js";
import { words } from "../language/language.js";
import { icon } from "./icons.js";
import { redraw } from "./render.js";

const DURATION = 8000;
const MAX_NOTICES = 3;

let notices = [];
let announcement = "";
let next = 0;

/** Announces a text to screen readers. A repetition gets a trailing space, because an unchanged text is not announced. */
export function announce(text) {
  announcement = announcement === text ? text + "\u00a0" : text;
  redraw();
}

/**
 * Shows a notice and announces it.
 *
 * @param text text of the notice
 * @param tone "plain" or "bad"
 * @param action {label, run}: an undo
 * @param onExpire called when the notice disappears without its action
 * @returns a function that removes the notice; with `true` it also calls onExpire
 */
export function notify(text, { tone = "plain", action = null, onExpire = () => {} } = {}) {
  const notice = { key: next++, text, tone, action, onExpire, left: DURATION, since: 0, timer: 0 };
  notices.push(notice);
  announce(text);
  // a notice with an undo is never removed early
  const oldest = notices.find((other) => !other.action && other !== notice);
  if (notices.length > MAX_NOTICES && oldest) {
    close(oldest, true);
  }
  startTimer(notice);
  redraw();
  return (expired = false) => close(notice, expired);
}

/** Runs the action of the newest notice that has one. @returns whether there was one */
export function runLastAction() {
  const last = notices.findLast((notice) => notice.action);
  if (last) {
    runAction(last);
  }
  return Boolean(last);
}

/** Removes all notices without calling onExpire, because they contain data of the user. */
export function clearNotices() {
  notices.forEach((notice) => clearTimeout(notice.timer));
  notices = [];
  announcement = "";
  redraw();
}

function startTimer(notice) {
  clearTimeout(notice.timer);
  notice.since = performance.now();
  notice.timer = setTimeout(() => close(notice, true), notice.left);
}

// no time limit while the notice has the focus or the pointer (WCAG 2.2.1)
function stopTimer(notice) {
  clearTimeout(notice.timer);
  notice.left = Math.max(2000, notice.left - (performance.now() - notice.since));
}

function close(notice, expired) {
  if (!notices.includes(notice)) {
    return;
  }
  clearTimeout(notice.timer);
  notices = notices.filter((other) => other !== notice);
  if (expired) {
    notice.onExpire();
  }
  redraw();
}

function runAction(notice) {
  close(notice, false);
  notice.action.run();
}

/** Returns the notices and the announcement. */
export function noticesView() {
  return html`
    <p class="heard" role="status" aria-live="polite">${announcement}</p>
    <section class="notices" aria-label=${words().notices.label}>
      ${repeat(
        notices,
        (notice) => notice.key,
        (notice) => html`
          <div
            class="notice ${notice.tone}"
            @pointerenter=${() => stopTimer(notice)}
            @pointerleave=${() => startTimer(notice)}
            @focusin=${() => stopTimer(notice)}
            @focusout=${() => startTimer(notice)}
          >
            <p>${notice.text}</p>
            ${notice.action
              ? html`<button type="button" class="link" @click=${() => runAction(notice)}>${notice.action.label}</button>`
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
