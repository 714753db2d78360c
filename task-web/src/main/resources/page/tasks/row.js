/* SPDX-License-Identifier: Apache-2.0 */
// Views of a task: row, fields, conflict, and unsaved task.
import { html, live, nothing } from "../lit.js";
import { words } from "../language/language.js";
import { icon } from "../shell/icons.js";
import { cancel, edit, keepMine, save, takeTheirs, toggle, updateDraft } from "./changes.js";
import { remove } from "./deletion.js";
import { displayed } from "./list.js";
import { discard, send } from "./unsaved.js";

/** Returns the view of a task in the list. */
export function rowView(row) {
  if (row.conflict) {
    return conflictView(row);
  }
  return row.editing ? fields(row) : line(row);
}

function line(row) {
  const task = displayed(row);
  const t = words().tasks;
  return html`
    <li
      class="task ${task.completed ? "done" : ""} ${row.leaving ? "leaving" : ""}"
      data-task=${row.id}
      aria-busy=${row.busy > 0}
    >
      <input
        type="checkbox"
        class="tick"
        aria-label=${task.title}
        .checked=${live(task.completed)}
        @change=${() => toggle(row)}
      />
      <div class="words" @click=${() => edit(row)}>
        <span class="title">${task.title}</span>
        ${task.description ? html`<span class="remark">${task.description}</span>` : nothing}
      </div>
      <div class="tools">
        <button type="button" class="icon edit" aria-label=${t.edit(task.title)} @click=${() => edit(row)}>
          ${icon("edit")}
        </button>
        <button type="button" class="icon remove" aria-label=${t.remove(task.title)} @click=${() => remove(row)}>
          ${icon("remove")}
        </button>
      </div>
    </li>
  `;
}

function fields(row) {
  const t = words().tasks;
  const { title, description, problem } = row.editing;
  const submit = (event) => {
    event.preventDefault();
    save(row);
  };
  const keys = (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      cancel(row);
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      submit(event);
    }
  };
  return html`
    <li class="task editing" data-task=${row.id}>
      <form aria-label=${t.editing(row.task.title)} @submit=${submit} @keydown=${keys}>
        <label
          ><span>${t.titleLabel}</span>
          <input
            name="title"
            type="text"
            maxlength="200"
            autocomplete="off"
            enterkeyhint="done"
            aria-invalid=${Boolean(problem)}
            aria-describedby="problem-${row.id}"
            .value=${live(title)}
            @input=${(event) => updateDraft(row, { title: event.target.value })}
          />
        </label>
        <p class="wrong" id="problem-${row.id}">${problem ?? nothing}</p>
        <label
          ><span>${t.noteLabel}</span>
          <textarea
            name="description"
            rows="3"
            maxlength="1000"
            placeholder=${t.noteHint}
            .value=${live(description)}
            @input=${(event) => updateDraft(row, { description: event.target.value })}
          ></textarea>
        </label>
        <div class="row end">
          <button type="button" class="button" @click=${() => cancel(row)}>${words().cancel}</button>
          <button class="button primary">${t.save}</button>
        </div>
      </form>
    </li>
  `;
}

function conflictView(row) {
  const t = words().conflict;
  const { mine, theirs } = row.conflict;
  const version = (name, { title, description }) => html`
    <div class="version">
      <h3>${name}</h3>
      <p class="title">${title}</p>
      <p class="remark">${description ?? t.noNote}</p>
    </div>
  `;
  return html`
    <li class="task" data-task=${row.id}>
      <div class="conflict" role="group" aria-labelledby="conflict-${row.id}" tabindex="-1">
        <h2 id="conflict-${row.id}">${icon("warning")} ${theirs ? t.title : t.gone}</h2>
        <div class="versions">${version(t.mine, mine)} ${theirs ? version(t.theirs, theirs) : nothing}</div>
        <div class="row end">
          <button type="button" class="button" @click=${() => takeTheirs(row)}>
            ${theirs ? t.takeTheirs : t.letGo}
          </button>
          <button type="button" class="button primary" @click=${() => keepMine(row)}>
            ${theirs ? t.keepMine : t.addAgain}
          </button>
        </div>
      </div>
    </li>
  `;
}

/** Returns the view of a task that is being saved or could not be saved. */
export function unsavedView(entry) {
  const t = words().tasks;
  const failed = entry.state === "failed";
  return html`
    <li class="task unsaved" aria-busy=${!failed}>
      <span class="tick" aria-hidden="true"></span>
      <div class="words">
        <span class="title">${entry.title}</span>
        <span class="remark ${failed ? "wrong" : ""}"
          >${failed ? `${t.notSavedYet} ${entry.problem}` : t.sending}</span
        >
      </div>
      ${failed
        ? html`<div class="tools always">
            <button type="button" class="button small" @click=${() => send(entry)}>${t.retry}</button>
            <button type="button" class="button small" @click=${() => discard(entry)}>${t.discard}</button>
          </div>`
        : nothing}
    </li>
  `;
}
