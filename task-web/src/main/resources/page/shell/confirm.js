/* SPDX-License-Identifier: Apache-2.0 */
// Dialogs: the browser's own element keeps the focus inside and gives it back.
import { html, nothing } from "../lit.js";
import { words } from "../language/language.js";
import { afterDrawing, redraw } from "./render.js";

let question = null;

/** Opens each dialog that has been drawn and is not open yet. */
export function openDialogs() {
  for (const dialog of document.querySelectorAll("dialog:not([open])")) {
    dialog.showModal();
  }
}

/** Who clicks beside a dialog wants to leave it. */
export function closeByBackdrop(event) {
  if (event.target === event.currentTarget) {
    event.target.close();
  }
}

/**
 * Asks once more. @returns whether the person said yes
 */
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

/** The question, while there is one. */
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
