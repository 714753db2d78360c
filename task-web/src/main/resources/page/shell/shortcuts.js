/* SPDX-License-Identifier: Apache-2.0 */
// The keyboard. Letters that work everywhere can be switched off (WCAG 2.1.4); keys of the list work while it has the focus.
import { html, nothing } from "../lit.js";
import { words } from "../language/language.js";
import { closeByBackdrop, openDialogs } from "./confirm.js";
import { icon } from "./icons.js";
import { afterDrawing, redraw } from "./render.js";

const KEY = "rowlock.shortcuts";
const GLOBAL = ["n", "/", "1 2 3", "u", "?"];
const LIST = ["↑ ↓", "Space", "e", "Delete", "Enter", "Esc"];

let letters = kept();
let open = false;

function kept() {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

function switchLetters(on) {
  letters = on;
  try {
    localStorage.setItem(KEY, on ? "on" : "off");
  } catch {
    // for this page then
  }
  redraw();
}

// A key that is held repeats by itself: that may move, and do nothing else.
const MOVING = ["ArrowUp", "ArrowDown"];

/** @param actions by key: what to do; each tells whether it did something */
export function listenToKeys(actions, listActions) {
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select");
    if (event.ctrlKey || event.metaKey || event.altKey || typing || event.target.closest?.("dialog")) {
      return;
    }
    if (event.repeat && !MOVING.includes(event.key)) {
      return;
    }
    const row = event.target.closest?.("[data-task]");
    const action = (row && listActions[event.key]) || (letters && actions[event.key]);
    if (action && action(row) !== false) {
      event.preventDefault();
    }
  });
}

/** Opens the list of keys. */
export function showKeys() {
  open = true;
  afterDrawing(openDialogs);
}

/** The list of keys. */
export function keysView() {
  if (!open) {
    return nothing;
  }
  const t = words().keys;
  const table = (name, keys) => html`
    <h3>${name}</h3>
    <dl>
      ${keys.map(
        (key) => html`<div>
          <dt>${key.split(" ").map((one) => html`<kbd>${one}</kbd> `)}</dt>
          <dd>${t.names[key]}</dd>
        </div>`,
      )}
    </dl>
  `;
  return html`
    <dialog
      class="keys"
      aria-labelledby="keys"
      @click=${closeByBackdrop}
      @close=${() => {
        open = false;
        redraw();
      }}
    >
      <div class="head">
        <h2 id="keys">${t.heading}</h2>
        <form method="dialog"><button class="icon" aria-label=${words().close}>${icon("close")}</button></form>
      </div>
      ${table(t.global, GLOBAL)}
      <label class="switch">
        <input
          type="checkbox"
          .checked=${letters}
          aria-describedby="letters"
          @change=${(event) => switchLetters(event.target.checked)}
        />
        <span>${t.off}</span>
      </label>
      <p class="soft" id="letters">${t.offHint}</p>
      ${table(t.inList, LIST)}
    </dialog>
  `;
}
