/* SPDX-License-Identifier: Apache-2.0 */
// Changes to a task: shown at once, and taken back with a word when the server does not agree.
import { explain, words } from "../language/language.js";
import { call } from "../session/calls.js";
import { tellTabs } from "../session/tabs.js";
import { announce, notify } from "../shell/notices.js";
import { focusOn, redraw } from "../shell/render.js";
import { drafts, keepDrafts } from "./drafts.js";
import { belongs, drop, dropDeleted, list, shown } from "./list.js";
import { add } from "./unsaved.js";

/** How long a task that no longer belongs into the list stays, so that one sees what one has done. */
const LEAVES_AFTER = 900;

function addressOf(row) {
  return `/api/me/tasks/${row.id}`;
}

/** One change of a task after the other: each starts from what the one before has made. */
function inTurn(row, step) {
  row.busy += 1;
  row.queue = row.queue.then(step).finally(() => {
    row.busy -= 1;
    redraw();
  });
  redraw();
}

/** Completes or reopens. It says what is wanted, not "the other way", so that twice does no harm. */
export function toggle(row) {
  const completed = !shown(row).completed;
  row.wanted = { ...row.wanted, completed };
  const { title } = row.task;
  announce(completed ? words().tasks.completed(title) : words().tasks.reopened(title));
  inTurn(row, async () => {
    const answer = await call("PATCH", `${addressOf(row)}/complete`, { body: { completed } });
    if (row.wanted.completed === completed) {
      delete row.wanted.completed;
    }
    if (answer.ok) {
      row.task = answer.body;
      tellTabs("tasks");
      leaveLater(row);
    } else if (answer.code === "not-found") {
      vanished(row);
    } else if (answer.code !== "sign-in-required") {
      notify(words().tasks.notChanged(title, explain(answer)), { tone: "bad" });
    }
  });
}

function leaveLater(row) {
  if (belongs(row)) {
    row.leaving = false;
    return;
  }
  row.leaving = true;
  const { show } = list;
  setTimeout(() => {
    if (row.leaving && row.busy === 0 && !row.editing && list.show === show && !belongs(row)) {
      drop(row);
    }
  }, LEAVES_AFTER);
}

function vanished(row) {
  const { title } = row.task;
  delete drafts.edits[row.id];
  keepDrafts();
  dropDeleted(row);
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

/** Keeps what is typed. */
export function typed(row, change) {
  Object.assign(row.editing, change);
  const { title, description, version } = row.editing;
  drafts.edits[row.id] = { title, description, version };
  keepDrafts();
}

function endEditing(row) {
  row.editing = null;
  delete drafts.edits[row.id];
  keepDrafts();
}

/** Closes the fields and leaves the task as it is. */
export function cancel(row) {
  endEditing(row);
  focusOn(`[data-task="${row.id}"] .edit`);
}

/** Saves what the fields say, unless the task has changed since they were opened. */
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
  row.wanted = { ...row.wanted, ...content };
  focusOn(`[data-task="${row.id}"] .edit`);
  put(row, content, version);
}

function put(row, content, version) {
  inTurn(row, async () => {
    const answer = await call("PUT", addressOf(row), { body: content, version });
    delete row.wanted.title;
    delete row.wanted.description;
    if (answer.ok) {
      row.task = answer.body;
      endEditing(row);
      leaveLater(row);
      announce(words().tasks.saved(content.title));
      tellTabs("tasks");
    } else if (answer.code === "precondition-failed") {
      await meet(row, content);
    } else if (answer.code === "not-found") {
      disagree(row, content, null);
    } else {
      // back into the fields: nothing that was typed is lost
      row.editing = { ...content, description: content.description ?? "", version, problem: explain(answer) };
      if (answer.code !== "sign-in-required") {
        announce(row.editing.problem);
        focusOn(`[data-task="${row.id}"] input[name=title]`);
      }
    }
  });
}

/** Somebody was quicker: look at what they have made of it. */
async function meet(row, mine) {
  const answer = await call("GET", addressOf(row));
  if (answer.ok) {
    row.task = answer.body;
    disagree(row, mine, answer.body);
  } else if (answer.code === "not-found") {
    disagree(row, mine, null);
  } else {
    row.editing = { ...mine, description: mine.description ?? "", version: row.task.version, problem: explain(answer) };
  }
}

function disagree(row, mine, theirs) {
  if (theirs && theirs.title === mine.title && theirs.description === mine.description) {
    endEditing(row);
    return;
  }
  row.conflict = { mine, theirs };
  announce(words().conflict.title);
  focusOn(`[data-task="${row.id}"] .conflict`);
}

/** The person's own version it shall be. */
export function keepMine(row) {
  const { mine, theirs } = row.conflict;
  row.conflict = null;
  if (theirs) {
    row.wanted = { ...row.wanted, ...mine };
    put(row, mine, theirs.version);
    focusOn(`[data-task="${row.id}"] .edit`);
  } else {
    endEditing(row);
    drop(row);
    add(mine.title, mine.description);
  }
}

/** The other version it shall be. */
export function takeTheirs(row) {
  const { theirs } = row.conflict;
  row.conflict = null;
  endEditing(row);
  if (theirs) {
    leaveLater(row);
  } else {
    drop(row);
  }
  focusOn(theirs ? `[data-task="${row.id}"] .edit` : "#new-task");
}
