/* SPDX-License-Identifier: Apache-2.0 */
// Dialogs. The browser's element keeps the focus inside and restores it afterwards.
import { html, nothing } from "../lit.js";
import { words } from "../language/language.js";
import { afterDrawing, redraw } from "./render.js";

let question = null;

/** Opens dialogs that have been drawn and are not open yet. */
export function openDialogs() {
  for (const dialog of document.querySelectorAll("dialog:not([open])")) {
    dialog.showModal();
  }
}

/** Closes a dialog on a click outside of it. */
export function closeByBackdrop(event) {
  if (event.target === event.currentTarget) {
    event.target.close();
  }
}

/** Asks for a confirmation. @returns a promise of whether the user confirmed */
export function confirmed(title, text, yes) {
  return new Promise((answer) => {
    question = { title, text, yes, answer };
    afterDrawing(openDialogs);
  });
}

function closed(event) {
  const { answer } = question;
  question = null;
  redraw();
  answer(event.target.returnValue === "yes");
}

/** Returns the confirmation dialog while a question is open. */
export function confirmView() {
  if (!question) {
    return nothing;
  }
  return html`
    <dialog
      class="ask"
      role="alertdialog"
      aria-labelledby="ask-title"
      aria-describedby="ask-text"
      @close=${closed}
      @click=${closeByBackdrop}
    >
      <form method="dialog">
        <h2 id="ask-title">${question.title}</h2>
        <p id="ask-text">${question.text}</p>
        <div class="row end">
          <button class="button" value="no" autofocus>${words().cancel}</button>
          <button class="button danger" value="yes">${question.yes}</button>
        </div>
      </form>
    </dialog>
  `;
}
