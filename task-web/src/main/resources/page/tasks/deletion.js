/* SPDX-License-Identifier: Apache-2.0 */
// A deletion is sent when its undo is no longer offered. Creating a deleted task again would give it another id, place and
// creation time, and other devices would see it disappear and return. If the page dies before, the task still exists, which
// is the harmless failure. Pending deletions are sent when the page is left.
import { explain, words } from "../language/language.js";
import { call } from "../session/calls.js";
import { notifyTabs } from "../session/tabs.js";
import { notify } from "../shell/notices.js";
import { focusOn, redraw } from "../shell/render.js";
import { displayed, removeDeletedRow } from "./list.js";

/** Rows of pending deletions by id. They share one notice with one undo, which each further deletion renews. */
const pending = new Map();

let close = () => {};

/** Hides a task and offers an undo for a while. Has no effect on a task that is being edited, because typed text has no undo. */
export function remove(row) {
  if (row.editing || row.conflict) {
    return false;
  }
  row.hidden = true;
  pending.set(row.id, row);
  close();
  const t = words().tasks;
  close = notify(pending.size === 1 ? t.deleted(displayed(row).title) : t.deletedMany(pending.size), {
    action: { label: t.undo, run: undo },
    onExpire: commitAll,
  });
  redraw();
  return true;
}

function undo() {
  const rows = takePending();
  rows.forEach((row) => {
    row.hidden = false;
  });
  focusOn(`[data-task="${rows.at(-1)?.id}"] .tick`);
}

function takePending() {
  const rows = [...pending.values()];
  pending.clear();
  close();
  return rows;
}

async function commit(row) {
  // with the version that the user has seen, so that a later change is not deleted
  await row.queue;
  const answer = await call("DELETE", `/api/me/tasks/${row.id}`, { version: row.task.version });
  if (answer.ok || answer.code === "not-found") {
    removeDeletedRow(row);
    notifyTabs("tasks");
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

/** Sends all pending deletions. */
export async function commitAll() {
  await Promise.all(takePending().map(commit));
}

/** Discards all pending deletions, because the session has ended. */
export function cancelAll() {
  pending.clear();
}

addEventListener("pagehide", () => {
  for (const row of pending.values()) {
    // synchronously, because the page is unloaded after this event
    call("DELETE", `/api/me/tasks/${row.id}`, { version: row.task.version, keepalive: true });
  }
});

// a page from the back/forward cache does not know the result of these requests
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    location.reload();
  }
});
