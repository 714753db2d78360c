/* SPDX-License-Identifier: Apache-2.0 */
// Notifications between the tabs of one browser. They contain a topic only; each tab requests the data from the server.

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("rowlock") : null;
const listeners = { session: [], tasks: [] };

channel?.addEventListener("message", (event) => {
  listeners[event.data]?.forEach((step) => step());
});

/** Notifies the other tabs. @param topic "session" or "tasks" */
export function notifyTabs(topic) {
  channel?.postMessage(topic);
}

/** Registers a listener for notifications of other tabs. */
export function onTabMessage(topic, step) {
  listeners[topic].push(step);
}
