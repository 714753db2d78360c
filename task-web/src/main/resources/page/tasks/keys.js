/* SPDX-License-Identifier: Apache-2.0 */
// Keyboard shortcuts, and the focus after a focused element has disappeared.
import { runLastAction } from "../shell/notices.js";
import { showKeys } from "../shell/shortcuts.js";
import { session } from "../session/session.js";
import { edit } from "./changes.js";
import { remove } from "./deletion.js";
import { applyFilter, list } from "./list.js";

function focus(selector) {
  const found = document.querySelector(selector);
  found?.focus();
  return Boolean(found);
}

function show(filter) {
  if (session.state !== "in") {
    return false;
  }
  applyFilter({ show: filter });
  // not to a task, because another one may take its place
  return focus(`[data-show=${filter}]`);
}

/** Shortcuts that work everywhere on the page. */
export const globalKeys = {
  n: () => focus("#new-task"),
  "/": () => focus("#search"),
  1: () => show("open"),
  2: () => show("done"),
  3: () => show("all"),
  u: runLastAction,
  "?": () => {
    if (session.state !== "in") {
      return false;
    }
    showKeys();
    return true;
  },
};

const CONTROLS = [".tick", ".edit", ".remove"];

function controlOf(element) {
  return CONTROLS.find((selector) => element.matches(selector)) ?? ".tick";
}

function step(element, by) {
  const elements = [...element.parentElement.querySelectorAll("[data-task]")];
  const target = elements[elements.indexOf(element) + by];
  target?.querySelector(controlOf(document.activeElement))?.focus();
  return Boolean(target);
}

function rowOf(element) {
  return list.rows.find((row) => row.id === element.dataset.task);
}

/** Shortcuts for the focused task. */
export const listKeys = {
  ArrowDown: (element) => step(element, 1),
  ArrowUp: (element) => step(element, -1),
  e: (element) => edit(rowOf(element)),
  Delete: (element) => remove(rowOf(element)),
};

/**
 * Records the focused task before the page is drawn.
 *
 * @returns a function to call after drawing: if the task has disappeared, it focuses the task in its place, or else the
 *     heading, where shortcuts work because it is not a field
 */
export function keepFocus() {
  const before = document.activeElement;
  const element = before?.closest?.("[data-task]");
  if (!element) {
    return () => {};
  }
  const place = [...element.parentElement.querySelectorAll("[data-task]")].indexOf(element);
  const control = controlOf(before);
  return () => {
    if (before.isConnected) {
      if (document.activeElement !== before) {
        before.focus({ preventScroll: true }); // moving an element removes its focus
      }
      return;
    }
    const same = document.querySelector(`[data-task="${element.dataset.task}"]`);
    const elements = [...document.querySelectorAll("[data-task]")];
    const next = same ?? elements[Math.min(place, elements.length - 1)];
    (next?.querySelector(control) ?? next?.querySelector("input") ?? document.querySelector("#heading"))?.focus();
  };
}
