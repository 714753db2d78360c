/* SPDX-License-Identifier: Apache-2.0 */
// The tabs of one browser tell each other that something has changed; never what. Each asks the server itself.

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("rowlock") : null;
const listeners = { session: [], tasks: [] };

channel?.addEventListener("message", (event) => {
  listeners[event.data]?.forEach((step) => step());
});

/** @param topic "session" or "tasks" */
export function tellTabs(topic) {
  channel?.postMessage(topic);
}

/** Calls back when another tab tells. */
export function onTabs(topic, step) {
  listeners[topic].push(step);
}
