/* SPDX-License-Identifier: Apache-2.0 */
// Changes to a task. They are shown at once, and undone with a notice if the server rejects them.
import { explain, words } from "../language/language.js";
import { call } from "../session/calls.js";
import { notifyTabs } from "../session/tabs.js";
import { announce, notify } from "../shell/notices.js";
import { focusOn, redraw } from "../shell/render.js";
import { drafts, saveDrafts } from "./drafts.js";
import { displayed, list, matchesFilter, removeDeletedRow, removeRow } from "./list.js";
import { add } from "./unsaved.js";

/** Delay in milliseconds before a task that no longer matches the filter disappears, so that the user sees the change. */
const REMOVAL_DELAY = 900;

function urlOf(row) {
  return `/api/me/tasks/${row.id}`;
}

/** Runs the changes of a task one after the other, because each starts from the result of the one before. */
function enqueue(row, step) {
  row.busy += 1;
  row.queue = row.queue.then(step).finally(() => {
    row.busy -= 1;
    redraw();
  });
  redraw();
}

/** Completes or reopens a task. The request states the new value, so that it is idempotent. */
export function toggle(row) {
  const completed = !displayed(row).completed;
  row.pending = { ...row.pending, completed };
  const { title } = row.task;
  announce(completed ? words().tasks.completed(title) : words().tasks.reopened(title));
  enqueue(row, async () => {
    const answer = await call("PATCH", `${urlOf(row)}/complete`, { body: { completed } });
    if (row.pending.completed === completed) {
      delete row.pending.completed;
    }
    if (answer.ok) {
      row.task = answer.body;
      notifyTabs("tasks");
      scheduleRemoval(row);
    } else if (answer.code === "not-found") {
      removeDeletedElsewhere(row);
    } else if (answer.code !== "sign-in-required") {
      notify(words().tasks.notChanged(title, explain(answer)), { tone: "bad" });
    }
  });
}

/** Removes the row after a delay if the task no longer matches the filter. */
function scheduleRemoval(row) {
  if (matchesFilter(row)) {
    row.leaving = false;
    return;
  }
  row.leaving = true;
  const { show } = list;
  setTimeout(() => {
    if (row.leaving && row.busy === 0 && !row.editing && list.show === show && !matchesFilter(row)) {
      removeRow(row);
    }
  }, REMOVAL_DELAY);
}

function removeDeletedElsewhere(row) {
  const { title } = row.task;
  delete drafts.edits[row.id];
  saveDrafts();
  removeDeletedRow(row);
  notify(words().tasks.vanished(title), { tone: "bad" });
}

/** Opens the fields of a task. */
export function edit(row) {
  if (!row.editing && !row.conflict) {
    const { title, description, version } = row.task;
    row.editing = { title, description: description ?? "", version, problem: null };
  }
  focusOn(`[data-task="${row.id}"] input[name=title]`);
}

/** Stores the text of the fields as a draft. */
export function updateDraft(row, change) {
  Object.assign(row.editing, change);
  const { title, description, version } = row.editing;
  drafts.edits[row.id] = { title, description, version };
  saveDrafts();
}

function endEditing(row) {
  row.editing = null;
  delete drafts.edits[row.id];
  saveDrafts();
}

/** Closes the fields without saving. */
export function cancel(row) {
  endEditing(row);
  focusOn(`[data-task="${row.id}"] .edit`);
}

/** Saves the fields. The server rejects the change if the task has changed since they were opened. */
export function save(row) {
  const { title, description, version } = row.editing;
  if (!title.trim()) {
    row.editing.problem = words().tasks.titleMissing;
    focusOn(`[data-task="${row.id}"] input[name=title]`);
    return;
  }
  const content = { title: title.trim(), description: description.trim() || null };
  if (content.title === row.task.title && content.description === row.task.description) {
    cancel(row);
    return;
  }
  row.editing = null;
  row.pending = { ...row.pending, ...content };
  focusOn(`[data-task="${row.id}"] .edit`);
  put(row, content, version);
}

function put(row, content, version) {
  enqueue(row, async () => {
    const answer = await call("PUT", urlOf(row), { body: content, version });
    delete row.pending.title;
    delete row.pending.description;
    if (answer.ok) {
      row.task = answer.body;
      endEditing(row);
      scheduleRemoval(row);
      announce(words().tasks.saved(content.title));
      notifyTabs("tasks");
    } else if (answer.code === "precondition-failed") {
      await loadOtherVersion(row, content);
    } else if (answer.code === "not-found") {
      showConflict(row, content, null);
    } else {
      // opened again, so that no typed text is lost
      row.editing = { ...content, description: content.description ?? "", version, problem: explain(answer) };
      if (answer.code !== "sign-in-required") {
        announce(row.editing.problem);
        focusOn(`[data-task="${row.id}"] input[name=title]`);
      }
    }
  });
}

/** Loads the version that another tab or device has saved. */
async function loadOtherVersion(row, mine) {
  const answer = await call("GET", urlOf(row));
  if (answer.ok) {
    row.task = answer.body;
    showConflict(row, mine, answer.body);
  } else if (answer.code === "not-found") {
    showConflict(row, mine, null);
  } else {
    row.editing = { ...mine, description: mine.description ?? "", version: row.task.version, problem: explain(answer) };
  }
}

/** Shows both versions, unless they are equal. @param theirs the saved version; null if the task was deleted */
function showConflict(row, mine, theirs) {
  if (theirs && theirs.title === mine.title && theirs.description === mine.description) {
    endEditing(row);
    return;
  }
  row.conflict = { mine, theirs };
  announce(words().conflict.title);
  focusOn(`[data-task="${row.id}"] .conflict`);
}

/** Keeps the user's own version. */
export function keepMine(row) {
  const { mine, theirs } = row.conflict;
  row.conflict = null;
  if (theirs) {
    row.pending = { ...row.pending, ...mine };
    put(row, mine, theirs.version);
    focusOn(`[data-task="${row.id}"] .edit`);
  } else {
    endEditing(row);
    removeRow(row);
    add(mine.title, mine.description);
  }
}

/** Keeps the other version. */
export function takeTheirs(row) {
  const { theirs } = row.conflict;
  row.conflict = null;
  endEditing(row);
  if (theirs) {
    scheduleRemoval(row);
  } else {
    removeRow(row);
  }
  focusOn(theirs ? `[data-task="${row.id}"] .edit` : "#new-task");
}
