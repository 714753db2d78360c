/* SPDX-License-Identifier: Apache-2.0 */
// The tasks: the field for a new one, what is shown, and the list in all its states.
import { html, live, nothing, repeat } from "../lit.js";
import { explain, words } from "../language/language.js";
import { calm, icon } from "../shell/icons.js";
import { focusOn, redraw } from "../shell/render.js";
import { drafts, keepDrafts } from "./drafts.js";
import { SHOWS, ask, hasPlaceForNew, list, load, loadMore, visibleRows } from "./list.js";
import { rowView, unsavedView } from "./row.js";
import { add, unsaved } from "./unsaved.js";

const SEARCH_AFTER = 250;

let timer = 0;

function submitted(event) {
  event.preventDefault();
  const title = drafts.adding.trim();
  if (title) {
    drafts.adding = "";
    add(title);
  }
  focusOn("#new-task");
}

function addForm() {
  const t = words().tasks;
  return html`
    <form class="card add" @submit=${submitted}>
      <label class="heard" for="new-task">${t.newLabel}</label>
      <input
        id="new-task"
        type="text"
        maxlength="200"
        autocomplete="off"
        enterkeyhint="done"
        placeholder=${t.newHint}
        .value=${live(drafts.adding)}
        @input=${(event) => {
          drafts.adding = event.target.value;
          keepDrafts();
          redraw();
        }}
      />
      <button class="button primary" aria-label=${t.add} aria-disabled=${!drafts.adding.trim()}>
        ${icon("add")} <span>${t.add}</span>
      </button>
    </form>
  `;
}

function searched(text, soon) {
  clearTimeout(timer);
  timer = setTimeout(() => ask({ text }), soon ? 0 : SEARCH_AFTER);
}

function clearSearch() {
  searched("", true);
  focusOn("#search");
}

function toolbar() {
  const t = words().tasks;
  return html`
    <div class="tools-above">
      <div class="segments" role="group" aria-label=${t.show}>
        ${Object.keys(SHOWS).map(
          (show) => html`
            <button type="button" data-show=${show} aria-pressed=${list.show === show} @click=${() => ask({ show })}>
              ${t.shows[show]}
            </button>
          `,
        )}
      </div>
      <form
        class="search"
        role="search"
        @submit=${(event) => {
          event.preventDefault();
          searched(event.target.elements.q.value, true);
        }}
      >
        <label class="heard" for="search">${t.search}</label>
        ${icon("search")}
        <input
          id="search"
          name="q"
          type="text"
          inputmode="search"
          enterkeyhint="search"
          maxlength="100"
          autocomplete="off"
          placeholder=${t.search}
          .defaultValue=${list.text}
          @input=${(event) => searched(event.target.value, false)}
          @keydown=${(event) => {
            if (event.key === "Escape" && event.target.value) {
              event.target.value = "";
              searched("", true);
            }
          }}
        />
        ${list.text
          ? html`<button
              type="button"
              class="icon"
              aria-label=${t.clearSearch}
              @click=${(event) => {
                event.currentTarget.form.elements.q.value = "";
                clearSearch();
              }}
            >
              ${icon("close")}
            </button>`
          : nothing}
      </form>
    </div>
  `;
}

function skeleton() {
  return html`
    <div class="card skeleton" role="img" aria-label=${words().tasks.loading}>
      ${[1, 2, 3, 4].map(() => html`<div class="bone"><i></i><b></b></div>`)}
    </div>
  `;
}

function failure() {
  const t = words().tasks;
  return html`
    <section class="card state" aria-labelledby="failed">
      ${icon("warning")}
      <h2 id="failed">${t.failed}</h2>
      <p>${explain({ ...list.problem, retryAfter: null })} ${list.retryIn > 0 ? t.retryIn(list.retryIn) : nothing}</p>
      <button type="button" class="button" @click=${load}>${words().again}</button>
    </section>
  `;
}

function emptiness() {
  const { empty } = words().tasks;
  const { title, text } = list.text ? empty.search : empty[list.show];
  return html`
    <section class="card state">
      ${calm()}
      <h2>${title}</h2>
      <p>${list.text ? text(list.text) : text}</p>
    </section>
  `;
}

async function more() {
  const first = await loadMore();
  if (first) {
    focusOn(`[data-task="${first.id}"] .tick`);
  }
}

function content() {
  const rows = visibleRows();
  const t = words().tasks;
  // what could not be saved is seen in every list; what is on its way, where it will be
  const waiting =
    list.phase === "ready" && hasPlaceForNew() ? unsaved : unsaved.filter((entry) => entry.state === "failed");
  const own = [...waiting].reverse();
  return html`
    ${rows.length + own.length > 0 && (list.phase === "ready" || own.length > 0)
      ? html`<ul class="card tasks" aria-label=${t.list}>
          ${repeat(own, (entry) => entry.key, unsavedView)}
          ${list.phase === "ready" ? repeat(rows, (row) => row.id, rowView) : nothing}
        </ul>`
      : nothing}
    ${list.phase === "loading" ? skeleton() : nothing}
    ${list.phase === "failed" ? failure() : nothing}
    ${list.phase === "ready" && rows.length + own.length === 0 ? emptiness() : nothing}
    ${list.phase === "ready" && list.next
      ? html`<div class="more">
          ${list.more === "failed" ? html`<p class="wrong">${explain(list.problem)}</p>` : nothing}
          <button type="button" class="button" aria-disabled=${list.more === "loading"} @click=${more}>
            ${list.more === "loading" ? t.loadingMore : t.more}
          </button>
        </div>`
      : nothing}
  `;
}

/** Everything about tasks. */
export function tasksView() {
  return html`
    <h1 id="heading" tabindex="-1">${words().tasks.heading}</h1>
    ${addForm()} ${toolbar()} ${content()}
  `;
}
