/* SPDX-License-Identifier: Apache-2.0 */
// The tasks that the page shows, as far as they have been loaded, newest first.
import { call } from "../session/calls.js";
import { session } from "../session/session.js";
import { announce } from "../shell/notices.js";
import { redraw } from "../shell/render.js";
import { words } from "../language/language.js";
import { drafts } from "./drafts.js";

const PAGE = 50;
const LARGEST_PAGE = 200;
// answers that do not say when to try again, because a change must not be sent twice: the list only reads
const BROKEN_OFF = ["api-answer-unreadable", "api-timeout", "unreadable"];
const BROKEN_OFF_RETRY = 5;

/** What can be shown, and the API's word for it. */
export const SHOWS = { open: "open", done: "completed", all: "all" };

/**
 * phase: "loading", "ready" or "failed"; more: "idle", "loading" or "failed"; next: cursor of the next page, or null;
 * problem: why it failed; retryAt: when it is tried again by itself.
 */
export const list = { phase: "loading", rows: [], next: null, more: "idle", show: "open", text: "", problem: null, retryIn: 0 };

const byId = new Map();
// what has been added since the list was asked for, and is not in its answer
let recent = [];
// rows that are shown although the list does not have them: the user works on them
let pinned = new Set();
// what this page has deleted: an answer may be older
const deleted = new Set();
let turn = 0;
let refreshing = null;
let outdated = false;
let timer = 0;

/**
 * A task on the page. `task` is always what the server has said; `wanted` lies over it while a change is under way, so
 * that taking it back is leaving `wanted` out.
 */
function rowOf(task) {
  let row = byId.get(task.id);
  if (!row) {
    row = { id: task.id, task, wanted: {}, busy: 0, editing: null, conflict: null, hidden: false, leaving: false, queue: Promise.resolve() };
    byId.set(task.id, row);
    const draft = drafts.edits[task.id];
    if (draft) {
      row.editing = { ...draft, problem: null };
    }
  } else if (row.busy === 0 && task.version >= row.task.version) {
    // an answer that was slow on its way may be older than what a change has brought
    row.task = task;
  }
  return row;
}

/** The task as the person wants it. */
export function shown(row) {
  return { ...row.task, ...row.wanted };
}

/** What a person still sees of the list. */
export function visibleRows() {
  return list.rows.filter((row) => !row.hidden);
}

/** Whether the list as it is asked for has this task. Of the text the server decides. */
export function belongs(row) {
  return isShown(shown(row).completed);
}

function isShown(completed) {
  return list.show === "all" || completed === (list.show === "done");
}

/** Whether a task that is new has its place in the list without asking the server. */
export function hasPlaceForNew() {
  return isShown(false) && !list.text;
}

function address(limit, cursor) {
  const query = new URLSearchParams({ limit, status: SHOWS[list.show] });
  if (list.text) {
    query.set("q", list.text);
  }
  if (cursor) {
    query.set("cursor", cursor);
  }
  return `/api/me/tasks?${query}`;
}

/** Takes what the address bar says. */
export function readAddress() {
  const query = new URLSearchParams(location.search);
  list.show = query.get("show") in SHOWS ? query.get("show") : "open";
  list.text = (query.get("q") ?? "").trim().slice(0, 100);
}

function writeAddress() {
  const query = new URLSearchParams();
  if (list.show !== "open") {
    query.set("show", list.show);
  }
  if (list.text) {
    query.set("q", list.text);
  }
  history.replaceState(null, "", `/${query.size ? "?" : ""}${query}${location.hash}`);
}

/** Shows other tasks. */
export function ask({ show = list.show, text = list.text }) {
  const wanted = text.trim().slice(0, 100);
  if (show === list.show && wanted === list.text && list.phase !== "failed") {
    return;
  }
  list.show = show;
  list.text = wanted;
  writeAddress();
  load();
}

/** Loads the list anew. */
export async function load() {
  const mine = ++turn;
  clearTimeout(timer);
  Object.assign(list, { phase: "loading", problem: null, more: "idle" });
  redraw();
  recent = [];
  pinned = new Set();
  const answer = await call("GET", address(PAGE));
  if (mine !== turn) {
    return;
  }
  if (!answer.ok) {
    failed(answer);
    return;
  }
  list.rows = rowsOf(answer.body.items);
  forgetOthers();
  Object.assign(list, { phase: "ready", next: answer.body.nextCursor });
  await addDrafted(mine);
  announce(words().tasks.loaded(visibleRows().length, list.next !== null));
}

function failed(answer) {
  const retryIn = answer.retryAfter ?? (BROKEN_OFF.includes(answer.code) ? BROKEN_OFF_RETRY : 0);
  Object.assign(list, { phase: "failed", problem: answer, retryIn });
  if (retryIn > 0) {
    countDown();
  }
  redraw();
}

/** Waits as long as the server asked for, and says so. */
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
  const mine = turn;
  list.more = "loading";
  redraw();
  const answer = await call("GET", address(PAGE, list.next));
  if (mine !== turn) {
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
 * Loads again what is shown, without a word: another tab or device may have changed it. However often it is asked for
 * meanwhile, it is done once more.
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

/** Brings in what has changed; rows stay as far as they are loaded, and with them focus and scroll position. */
async function merge() {
  if (session.state !== "in" || list.phase === "loading") {
    return;
  }
  if (list.phase === "failed") {
    await load();
    return;
  }
  recent = [];
  const loaded = await loadedAgain(turn);
  if (!loaded) {
    return;
  }
  const rows = rowsOf(loaded.items);
  // nobody's work is taken out of their hands
  const inHand = list.rows.filter((row) => !rows.includes(row) && (row.editing || row.conflict || row.busy > 0));
  pinned = new Set(inHand);
  inHand.forEach((row) => putInOrder(rows, row));
  list.rows = rows;
  list.next = loaded.next;
  forgetOthers();
  redraw();
}

/** As many pages as the rows that are shown take; null when another list was asked for meanwhile, or the server did not answer. */
async function loadedAgain(mine) {
  const items = [];
  let next = null;
  do {
    const missing = Math.max(PAGE, list.rows.length - items.length);
    const answer = await call("GET", address(Math.min(LARGEST_PAGE, missing), next));
    if (mine !== turn || !answer.ok) {
      return null;
    }
    items.push(...answer.body.items);
    next = answer.body.nextCursor;
  } while (next && !reachesLast(items));
  return { items, next };
}

/** Ids are in the order of creation, and the newest task comes first. */
function reachesLast(items) {
  const last = list.rows.findLast((row) => !pinned.has(row));
  return !last || items.at(-1).id <= last.id;
}

function putInOrder(rows, row) {
  const place = rows.findIndex((other) => other.id < row.id);
  rows.splice(place < 0 ? rows.length : place, 0, row);
}

function rowsOf(tasks) {
  const rows = tasks.filter((task) => !deleted.has(task.id)).map(rowOf);
  return [...recent.filter((row) => !rows.includes(row)), ...rows];
}

function forgetOthers() {
  for (const [id, row] of byId) {
    if (!list.rows.includes(row) && row.busy === 0 && !row.hidden) {
      byId.delete(id);
    }
  }
}

/** Brings tasks whose editing was interrupted, wherever they are in the list. */
async function addDrafted(mine) {
  for (const id of Object.keys(drafts.edits)) {
    if (list.rows.some((row) => row.id === id)) {
      continue;
    }
    const answer = await call("GET", `/api/me/tasks/${id}`);
    if (mine !== turn) {
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
 * Shows a task that is new, if the list as it is asked for has it.
 *
 * @returns false if it has not
 */
export async function showNew(task) {
  if (list.text) {
    await refresh();
    return list.phase !== "ready" || list.rows.some((row) => row.id === task.id);
  }
  if (!hasPlaceForNew()) {
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

/** Takes a row away because its task is there no more. */
export function dropDeleted(row) {
  deleted.add(row.id);
  drop(row);
}

/** Takes a row away, for this page. */
export function drop(row) {
  recent = recent.filter((other) => other !== row);
  list.rows = list.rows.filter((other) => other !== row);
  byId.delete(row.id);
  redraw();
}

/** Nobody is signed in: nothing of the tasks stays. */
export function empty() {
  turn++;
  clearTimeout(timer);
  byId.clear();
  recent = [];
  pinned = new Set();
  Object.assign(list, { phase: "loading", rows: [], next: null, more: "idle", problem: null });
}
