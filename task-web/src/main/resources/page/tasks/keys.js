/* SPDX-License-Identifier: Apache-2.0 */
// What the keys do, and where the focus goes when what had it is gone.
import { takeBack } from "../shell/notices.js";
import { showKeys } from "../shell/shortcuts.js";
import { session } from "../session/session.js";
import { edit } from "./changes.js";
import { remove } from "./deletion.js";
import { ask, list } from "./list.js";

function focus(selector) {
  const found = document.querySelector(selector);
  found?.focus();
  return Boolean(found);
}

function show(what) {
  if (session.state !== "in") {
    return false;
  }
  ask({ show: what });
  // not onto a task: another one may come into its place
  return focus(`[data-show=${what}]`);
}

/** Everywhere on the page. */
export const globalKeys = {
  n: () => focus("#new-task"),
  "/": () => focus("#search"),
  1: () => show("open"),
  2: () => show("done"),
  3: () => show("all"),
  u: takeBack,
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

/** While a task has the focus. */
export const listKeys = {
  ArrowDown: (element) => step(element, 1),
  ArrowUp: (element) => step(element, -1),
  e: (element) => edit(rowOf(element)),
  Delete: (element) => remove(rowOf(element)),
};

/**
 * Remembers which task has the focus.
 *
 * @returns a function that gives it to the task that has come into its place, should it have gone; or to the heading, where
 *     keys go on working, because it is no field
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
        before.focus({ preventScroll: true }); // it was moved, which takes the focus from it
      }
      return;
    }
    const same = document.querySelector(`[data-task="${element.dataset.task}"]`);
    const elements = [...document.querySelectorAll("[data-task]")];
    const next = same ?? elements[Math.min(place, elements.length - 1)];
    (next?.querySelector(control) ?? next?.querySelector("input") ?? document.querySelector("#heading"))?.focus();
  };
}
