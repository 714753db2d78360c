/* SPDX-License-Identifier: Apache-2.0 */
// State lives in the features' modules; whoever changes it asks for one drawing of the whole page. lit-html touches only what differs.

let draw = () => {};
let asked = false;
let after = [];

/** Says what draws the page. */
export function drawWith(view) {
  draw = view;
  redraw();
}

/** Draws soon, once for all changes until then. */
export function redraw() {
  if (asked) {
    return;
  }
  asked = true;
  queueMicrotask(() => {
    asked = false;
    draw();
    const done = after;
    after = [];
    done.forEach((step) => step());
  });
}

/** Does something to the page as it will be drawn, such as moving the focus. */
export function afterDrawing(step) {
  after.push(step);
  redraw();
}

/** Puts the focus onto what the selector finds, when it has been drawn. */
export function focusOn(selector) {
  afterDrawing(() => document.querySelector(selector)?.focus());
}
