/* SPDX-License-Identifier: Apache-2.0 */
// The loaded tasks of the current filter, newest first.
import { call } from "../session/calls.js";
import { session } from "../session/session.js";
import { announce } from "../shell/notices.js";
import { redraw } from "../shell/render.js";
import { words } from "../language/language.js";
import { drafts } from "./drafts.js";

const PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 200;
// these responses have no Retry-After, because a change must not be sent twice; loading the list may be retried
const INCOMPLETE_RESPONSES = ["api-answer-unreadable", "api-timeout", "unreadable"];
const INCOMPLETE_RETRY_SECONDS = 5;

/** Filters of the page, with the API's value of `status`. */
export const FILTERS = { open: "open", done: "completed", all: "all" };

/**
 * phase: "loading", "ready" or "failed"; more: "idle", "loading" or "failed"; next: cursor of the next page, or null;
 * problem: cause of the failure; retryIn: seconds until the next attempt.
 */
export const list = { phase: "loading", rows: [], next: null, more: "idle", show: "open", text: "", problem: null, retryIn: 0 };

const byId = new Map();
// rows that were added after the list was requested and may be missing in its response
let recent = [];
// rows that are shown although they do not match the filter, because the user works on them
let pinned = new Set();
// ids of tasks that this page has deleted: a response may be older
const deleted = new Set();
let loadId = 0;
let refreshing = null;
let outdated = false;
let timer = 0;

/**
 * Returns the row of a task. `task` is the version of the server; `pending` holds the fields of running changes, so that an
 * undo only removes them.
 */
function rowOf(task) {
  let row = byId.get(task.id);
  if (!row) {
    row = { id: task.id, task, pending: {}, busy: 0, editing: null, conflict: null, hidden: false, leaving: false, queue: Promise.resolve() };
    byId.set(task.id, row);
    const draft = drafts.edits[task.id];
    if (draft) {
      row.editing = { ...draft, problem: null };
    }
  } else if (row.busy === 0 && task.version >= row.task.version) {
    // a slow response may be older than the result of a change
    row.task = task;
  }
  return row;
}

/** Returns the task with its pending changes. */
export function displayed(row) {
  return { ...row.task, ...row.pending };
}

/** Returns the rows without those of pending deletions. */
export function visibleRows() {
  return list.rows.filter((row) => !row.hidden);
}

/** Returns whether the task matches the filter. The search text is not considered, because the server decides about it. */
export function matchesFilter(row) {
  return isShown(displayed(row).completed);
}

function isShown(completed) {
  return list.show === "all" || completed === (list.show === "done");
}

/** Returns whether a new task certainly belongs to the list, so that no request is needed. */
export function showsNewTasks() {
  return isShown(false) && !list.text;
}

function address(limit, cursor) {
  const query = new URLSearchParams({ limit, status: FILTERS[list.show] });
  if (list.text) {
    query.set("q", list.text);
  }
  if (cursor) {
    query.set("cursor", cursor);
  }
  return `/api/me/tasks?${query}`;
}

/** Reads filter and search text from the address bar. */
export function readUrl() {
  const query = new URLSearchParams(location.search);
  list.show = query.get("show") in FILTERS ? query.get("show") : "open";
  list.text = (query.get("q") ?? "").trim().slice(0, 100);
}

function writeUrl() {
  const query = new URLSearchParams();
  if (list.show !== "open") {
    query.set("show", list.show);
  }
  if (list.text) {
    query.set("q", list.text);
  }
  history.replaceState(null, "", `/${query.size ? "?" : ""}${query}${location.hash}`);
}

/** Applies a filter or a search text, and loads the list if it differs. */
export function applyFilter({ show = list.show, text = list.text }) {
  const newText = text.trim().slice(0, 100);
  if (show === list.show && newText === list.text && list.phase !== "failed") {
    return;
  }
  list.show = show;
  list.text = newText;
  writeUrl();
  load();
}

/** Loads the list from the start. */
export async function load() {
  const ownLoad = ++loadId;
  clearTimeout(timer);
  Object.assign(list, { phase: "loading", problem: null, more: "idle" });
  redraw();
  recent = [];
  pinned = new Set();
  const answer = await call("GET", address(PAGE_SIZE));
  if (ownLoad !== loadId) {
    return;
  }
  if (!answer.ok) {
    failed(answer);
    return;
  }
  list.rows = rowsOf(answer.body.items);
  pruneIndex();
  Object.assign(list, { phase: "ready", next: answer.body.nextCursor });
  await addDraftedRows(ownLoad);
  announce(words().tasks.loaded(visibleRows().length, list.next !== null));
}

function failed(answer) {
  const retryIn = answer.retryAfter ?? (INCOMPLETE_RESPONSES.includes(answer.code) ? INCOMPLETE_RETRY_SECONDS : 0);
  Object.assign(list, { phase: "failed", problem: answer, retryIn });
  if (retryIn > 0) {
    countDown();
  }
  redraw();
}

/** Waits as long as the server requested, and shows the remaining time. */
function countDown() {
  timer = setTimeout(() => {
    list.retryIn -= 1;
    if (list.retryIn > 0) {
      redraw();
      countDown();
    } else {
      load();
    }
  }, 1000);
}

/** Loads the next page. */
export async function loadMore() {
  const ownLoad = loadId;
  list.more = "loading";
  redraw();
  const answer = await call("GET", address(PAGE_SIZE, list.next));
  if (ownLoad !== loadId) {
    return null;
  }
  if (!answer.ok) {
    Object.assign(list, { more: "failed", problem: answer });
    redraw();
    return null;
  }
  const fresh = answer.body.items.map(rowOf).filter((row) => !list.rows.includes(row));
  list.rows.push(...fresh);
  Object.assign(list, { more: "idle", next: answer.body.nextCursor });
  announce(words().tasks.loaded(visibleRows().length, list.next !== null));
  redraw();
  return fresh[0] ?? null;
}

/**
 * Loads the visible rows again without an announcement, because another tab or device may have changed them. Calls during a
 * refresh cause one further refresh.
 */
export function refresh() {
  outdated = true;
  refreshing ??= refreshAll().finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function refreshAll() {
  while (outdated) {
    outdated = false;
    await merge();
  }
}

/** Merges changes into the list. Loaded rows stay, and with them focus and scroll position. */
async function merge() {
  if (session.state !== "in" || list.phase === "loading") {
    return;
  }
  if (list.phase === "failed") {
    await load();
    return;
  }
  recent = [];
  const loaded = await fetchLoadedPages(loadId);
  if (!loaded) {
    return;
  }
  const rows = rowsOf(loaded.items);
  // rows that the user works on stay
  const inUse = list.rows.filter((row) => !rows.includes(row) && (row.editing || row.conflict || row.busy > 0));
  pinned = new Set(inUse);
  inUse.forEach((row) => insertInOrder(rows, row));
  list.rows = rows;
  list.next = loaded.next;
  pruneIndex();
  redraw();
}

/** Loads as many pages as the visible rows need. Returns null if another list was requested meanwhile, or if a request failed. */
async function fetchLoadedPages(ownLoad) {
  const items = [];
  let next = null;
  do {
    const missing = Math.max(PAGE_SIZE, list.rows.length - items.length);
    const answer = await call("GET", address(Math.min(MAX_PAGE_SIZE, missing), next));
    if (ownLoad !== loadId || !answer.ok) {
      return null;
    }
    items.push(...answer.body.items);
    next = answer.body.nextCursor;
  } while (next && !reachesLast(items));
  return { items, next };
}

/** Returns whether the items include the last visible row: ids are in the order of creation, newest first. */
function reachesLast(items) {
  const last = list.rows.findLast((row) => !pinned.has(row));
  return !last || items.at(-1).id <= last.id;
}

function insertInOrder(rows, row) {
  const place = rows.findIndex((other) => other.id < row.id);
  rows.splice(place < 0 ? rows.length : place, 0, row);
}

function rowsOf(tasks) {
  const rows = tasks.filter((task) => !deleted.has(task.id)).map(rowOf);
  return [...recent.filter((row) => !rows.includes(row)), ...rows];
}

/** Removes rows from the index that are not in the list and not in use. */
function pruneIndex() {
  for (const [id, row] of byId) {
    if (!list.rows.includes(row) && row.busy === 0 && !row.hidden) {
      byId.delete(id);
    }
  }
}

/** Adds tasks with a draft, wherever they are in the list. */
async function addDraftedRows(ownLoad) {
  for (const id of Object.keys(drafts.edits)) {
    if (list.rows.some((row) => row.id === id)) {
      continue;
    }
    const answer = await call("GET", `/api/me/tasks/${id}`);
    if (ownLoad !== loadId) {
      return;
    }
    if (answer.ok) {
      const row = rowOf(answer.body);
      pinned.add(row);
      list.rows.unshift(row);
    } else if (answer.code === "not-found") {
      delete drafts.edits[id];
    }
  }
  redraw();
}

/**
 * Shows a new task if it matches the filter and the search text.
 *
 * @returns false if it does not
 */
export async function showNew(task) {
  if (list.text) {
    await refresh();
    return list.phase !== "ready" || list.rows.some((row) => row.id === task.id);
  }
  if (!showsNewTasks()) {
    return false;
  }
  const row = rowOf(task);
  recent.unshift(row);
  if (!list.rows.includes(row)) {
    list.rows.unshift(row);
  }
  redraw();
  return true;
}

/** Removes the row of a task that was deleted. */
export function removeDeletedRow(row) {
  deleted.add(row.id);
  removeRow(row);
}

/** Removes a row from the page. */
export function removeRow(row) {
  recent = recent.filter((other) => other !== row);
  list.rows = list.rows.filter((other) => other !== row);
  byId.delete(row.id);
  redraw();
}

/** Removes all tasks from memory, because no user is signed in. */
export function clearList() {
  loadId++;
  clearTimeout(timer);
  byId.clear();
  recent = [];
  pinned = new Set();
  Object.assign(list, { phase: "loading", rows: [], next: null, more: "idle", problem: null });
}
