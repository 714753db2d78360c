/* SPDX-License-Identifier: Apache-2.0 */
// Keyboard shortcuts. Single-letter shortcuts can be turned off (WCAG 2.1.4); those of the list need its focus.
import { html, nothing } from "../lit.js";
import { words } from "../language/language.js";
import { closeByBackdrop, openDialogs } from "./confirm.js";
import { icon } from "./icons.js";
import { afterDrawing, redraw } from "./render.js";

const KEY = "rowlock.shortcuts";
const GLOBAL = ["n", "/", "1 2 3", "u", "?"];
const LIST = ["↑ ↓", "Space", "e", "Delete", "Enter", "Esc"];

let letters = readSetting();
let open = false;

function readSetting() {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

function setLetterKeys(on) {
  letters = on;
  try {
    localStorage.setItem(KEY, on ? "on" : "off");
  } catch {
    // no storage: the choice applies until the page is left
  }
  redraw();
}

// keys that may repeat while they are held
const REPEATABLE_KEYS = ["ArrowUp", "ArrowDown"];

/** Registers shortcuts. @param actions functions by key; each returns false if it had no effect */
export function listenToKeys(actions, listActions) {
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select");
    if (event.ctrlKey || event.metaKey || event.altKey || typing || event.target.closest?.("dialog")) {
      return;
    }
    if (event.repeat && !REPEATABLE_KEYS.includes(event.key)) {
      return;
    }
    const row = event.target.closest?.("[data-task]");
    const action = (row && listActions[event.key]) || (letters && actions[event.key]);
    if (action && action(row) !== false) {
      event.preventDefault();
    }
  });
}

/** Opens the list of shortcuts. */
export function showKeys() {
  open = true;
  afterDrawing(openDialogs);
}

/** Returns the list of shortcuts while it is open. */
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
          @change=${(event) => setLetterKeys(event.target.checked)}
        />
        <span>${t.off}</span>
      </label>
      <p class="soft" id="letters">${t.offHint}</p>
      ${table(t.inList, LIST)}
    </dialog>
  `;
}
