/* SPDX-License-Identifier: Apache-2.0 */
// The view of the tasks: the field for a new task, filters, and the list in all its states.
import { html, live, nothing, repeat } from "../lit.js";
import { explain, words } from "../language/language.js";
import { emptyImage, icon } from "../shell/icons.js";
import { focusOn, redraw } from "../shell/render.js";
import { drafts, saveDrafts } from "./drafts.js";
import { FILTERS, applyFilter, list, load, loadMore, showsNewTasks, visibleRows } from "./list.js";
import { rowView, unsavedView } from "./row.js";
import { add, unsaved } from "./unsaved.js";

const SEARCH_DELAY = 250;

let timer = 0;

function submit(event) {
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
    <form class="card add" @submit=${submit}>
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
          saveDrafts();
          redraw();
        }}
      />
      <button class="button primary" aria-label=${t.add} aria-disabled=${!drafts.adding.trim()}>
        ${icon("add")} <span>${t.add}</span>
      </button>
    </form>
  `;
}

function scheduleSearch(text, soon) {
  clearTimeout(timer);
  timer = setTimeout(() => applyFilter({ text }), soon ? 0 : SEARCH_DELAY);
}

function clearSearch() {
  scheduleSearch("", true);
  focusOn("#search");
}

function toolbar() {
  const t = words().tasks;
  return html`
    <div class="tools-above">
      <div class="segments" role="group" aria-label=${t.show}>
        ${Object.keys(FILTERS).map(
          (show) => html`
            <button type="button" data-show=${show} aria-pressed=${list.show === show} @click=${() => applyFilter({ show })}>
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
          scheduleSearch(event.target.elements.q.value, true);
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
          @input=${(event) => scheduleSearch(event.target.value, false)}
          @keydown=${(event) => {
            if (event.key === "Escape" && event.target.value) {
              event.target.value = "";
              scheduleSearch("", true);
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

function failedState() {
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

function emptyState() {
  const { empty } = words().tasks;
  const { title, text } = list.text ? empty.search : empty[list.show];
  return html`
    <section class="card state">
      ${emptyImage()}
      <h2>${title}</h2>
      <p>${list.text ? text(list.text) : text}</p>
    </section>
  `;
}

async function showMore() {
  const first = await loadMore();
  if (first) {
    focusOn(`[data-task="${first.id}"] .tick`);
  }
}

function content() {
  const rows = visibleRows();
  const t = words().tasks;
  // a task that could not be saved is shown with every filter, one that is being saved only where it will appear
  const waiting =
    list.phase === "ready" && showsNewTasks() ? unsaved : unsaved.filter((entry) => entry.state === "failed");
  const own = [...waiting].reverse();
  return html`
    ${rows.length + own.length > 0 && (list.phase === "ready" || own.length > 0)
      ? html`<ul class="card tasks" aria-label=${t.list}>
          ${repeat(own, (entry) => entry.key, unsavedView)}
          ${list.phase === "ready" ? repeat(rows, (row) => row.id, rowView) : nothing}
        </ul>`
      : nothing}
    ${list.phase === "loading" ? skeleton() : nothing}
    ${list.phase === "failed" ? failedState() : nothing}
    ${list.phase === "ready" && rows.length + own.length === 0 ? emptyState() : nothing}
    ${list.phase === "ready" && list.next
      ? html`<div class="more">
          ${list.more === "failed" ? html`<p class="wrong">${explain(list.problem)}</p>` : nothing}
          <button type="button" class="button" aria-disabled=${list.more === "loading"} @click=${showMore}>
            ${list.more === "loading" ? t.loadingMore : t.more}
          </button>
        </div>`
      : nothing}
  `;
}

/** Returns the view of the tasks. */
export function tasksView() {
  return html`
    <h1 id="heading" tabindex="-1">${words().tasks.heading}</h1>
    ${addForm()} ${toolbar()} ${content()}
  `;
}
