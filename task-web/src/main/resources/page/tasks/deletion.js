/* SPDX-License-Identifier: Apache-2.0 */
// Deleting waits until the way back is no longer offered, and only then tells the server. Making a deleted task anew would give it
// another id, place and time of creation, and other devices would see it go and come. If this page dies before, the task
// is still there: the harmless side to fail on. Who leaves the page in an orderly way has it deleted at once.
import { explain, words } from "../language/language.js";
import { call } from "../session/calls.js";
import { tellTabs } from "../session/tabs.js";
import { notify } from "../shell/notices.js";
import { focusOn, redraw } from "../shell/render.js";
import { drafts, keepDrafts } from "./drafts.js";
import { dropDeleted, shown } from "./list.js";

const waiting = new Map();

/** Hides a task and offers the way back for a while. */
export function remove(row) {
  const { title } = shown(row);
  row.hidden = true;
  row.editing = null;
  row.conflict = null;
  delete drafts.edits[row.id];
  keepDrafts();
  const close = notify(words().tasks.deleted(title), {
    action: { label: words().tasks.undo, run: () => undo(row) },
    gone: () => commit(row),
  });
  waiting.set(row.id, { row, close });
  redraw();
}

function undo(row) {
  waiting.delete(row.id);
  row.hidden = false;
  focusOn(`[data-task="${row.id}"] .tick`);
}

async function commit(row) {
  waiting.delete(row.id);
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
  const all = [...waiting.values()];
  await Promise.all(
    all.map(({ row, close }) => {
      close();
      return commit(row);
    }),
  );
}

/** The session is over: what waits does not happen. */
export function forgetAll() {
  waiting.clear();
}

addEventListener("pagehide", () => {
  for (const { row } of waiting.values()) {
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
