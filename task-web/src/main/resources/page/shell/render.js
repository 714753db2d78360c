/* SPDX-License-Identifier: Apache-2.0 */
// Modules hold their own state and request a redraw after a change. The whole page is drawn; lit-html updates only differences.

let draw = () => {};
let scheduled = false;
let after = [];

/** Sets the function that draws the page. */
export function setView(view) {
  draw = view;
  redraw();
}

/** Schedules one redraw for all changes until then. */
export function redraw() {
  if (scheduled) {
    return;
  }
  scheduled = true;
  queueMicrotask(() => {
    scheduled = false;
    draw();
    const done = after;
    after = [];
    done.forEach((step) => step());
  });
}

/** Runs a function after the next redraw, for example to move the focus. */
export function afterDrawing(step) {
  after.push(step);
  redraw();
}

/** Focuses the element that the selector finds after the next redraw. */
export function focusOn(selector) {
  afterDrawing(() => document.querySelector(selector)?.focus());
}
