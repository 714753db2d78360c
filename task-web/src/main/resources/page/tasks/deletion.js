/* SPDX-License-Identifier: Apache-2.0 */
// Deleting waits until the way back is no longer offered, and only then tells the server. Making a deleted task anew would give it
// another id, place and time of creation, and other devices would see it go and come. If this page dies before, the task
// is still there: the harmless side to fail on. Who leaves the page in an orderly way has it deleted at once.
import { explain, words } from "../language/language.js";
import { call } from "../session/calls.js";
import { tellTabs } from "../session/tabs.js";
import { notify } from "../shell/notices.js";
import { focusOn, redraw } from "../shell/render.js";
import { dropDeleted, shown } from "./list.js";

/** Rows that wait, by id. They have one notice between them and one way back, which each further deletion renews. */
const waiting = new Map();

let close = () => {};

/** Hides a task and offers the way back for a while. Not while it is being edited: what is typed has no way back. */
export function remove(row) {
  if (row.editing || row.conflict) {
    return false;
  }
  row.hidden = true;
  waiting.set(row.id, row);
  close();
  const t = words().tasks;
  close = notify(waiting.size === 1 ? t.deleted(shown(row).title) : t.deletedMany(waiting.size), {
    action: { label: t.undo, run: undo },
    gone: commitAll,
  });
  redraw();
  return true;
}

function undo() {
  const rows = takeWaiting();
  rows.forEach((row) => {
    row.hidden = false;
  });
  focusOn(`[data-task="${rows.at(-1)?.id}"] .tick`);
}

function takeWaiting() {
  const rows = [...waiting.values()];
  waiting.clear();
  close();
  return rows;
}

async function commit(row) {
  // of the version that the person has seen: what came after that they do not know
  await row.queue;
  const answer = await call("DELETE", `/api/me/tasks/${row.id}`, { version: row.task.version });
  if (answer.ok || answer.code === "not-found") {
    dropDeleted(row);
    tellTabs("tasks");
    return;
  }
  row.hidden = false;
  redraw();
  const { title } = row.task;
  if (answer.code === "precondition-failed") {
    const now = await call("GET", `/api/me/tasks/${row.id}`);
    row.task = now.ok ? now.body : row.task;
    notify(words().tasks.changedMeanwhile(title), { tone: "bad" });
  } else if (answer.code !== "sign-in-required") {
    notify(words().tasks.notDeleted(title, explain(answer)), { tone: "bad" });
  }
}

/** Does all deletions that wait. */
export async function commitAll() {
  await Promise.all(takeWaiting().map(commit));
}

/** The session is over: what waits does not happen. */
export function forgetAll() {
  waiting.clear();
}

addEventListener("pagehide", () => {
  for (const row of waiting.values()) {
    // no step in between: there is no later
    call("DELETE", `/api/me/tasks/${row.id}`, { version: row.task.version, keepalive: true });
  }
});

// a page that comes back from the browser's memory knows nothing of what became of them
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    location.reload();
  }
});
