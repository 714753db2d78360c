/* SPDX-License-Identifier: Apache-2.0 */
// The user's sessions on all devices.
import { html, nothing, repeat } from "../lit.js";
import { ago, explain, words } from "../language/language.js";
import { call } from "../session/calls.js";
import { session } from "../session/session.js";
import { confirmed } from "../shell/confirm.js";
import { icon } from "../shell/icons.js";
import { announce } from "../shell/notices.js";
import { focusOn, redraw } from "../shell/render.js";

const ADDRESS = "/account/sessions";

/** phase: "loading", "ready" or "failed"; message: result of the last action. */
const devices = { phase: "loading", sessions: [], problem: null, message: null };

/** Loads the sessions. */
export async function loadDevices() {
  Object.assign(devices, { phase: "loading", message: null });
  redraw();
  const answer = await call("GET", ADDRESS);
  if (answer.ok) {
    Object.assign(devices, { phase: "ready", sessions: answer.body });
  } else {
    Object.assign(devices, { phase: "failed", problem: answer });
  }
  redraw();
}

/** Removes the sessions from memory, because no user is signed in. */
export function forgetDevices() {
  Object.assign(devices, { phase: "loading", sessions: [], message: null });
}

function nameOf({ browser, system }) {
  const t = words().account;
  // shows the major version only
  const name = browser?.replace(/\/(\d+).*$/, " $1") ?? t.unknownBrowser;
  return system && system !== "Other" ? t.device(name, system) : name;
}

function showMessage(text) {
  devices.message = text;
  announce(text);
  redraw();
}

async function end(one) {
  const answer = await call("DELETE", `${ADDRESS}/${encodeURIComponent(one.id)}`);
  if (answer.ok) {
    devices.sessions = devices.sessions.filter((other) => other !== one);
    showMessage(words().account.ended);
    focusOn("#devices");
  } else if (session.state === "in") {
    showMessage(explain(answer));
  }
}

async function endOthers() {
  const t = words().account;
  if (!(await confirmed(t.endAllAsk, t.endAllText, t.endAll))) {
    return;
  }
  const answer = await call("DELETE", ADDRESS);
  if (answer.ok) {
    devices.sessions = devices.sessions.filter((one) => one.current);
    showMessage(t.endedAll);
    focusOn("#devices");
  } else if (session.state === "in") {
    showMessage(explain(answer));
  }
}

function deviceView(one) {
  const t = words().account;
  const name = nameOf(one);
  const small = /Android|iOS|iPhone|iPad/.test(one.system ?? "");
  return html`
    <li>
      ${icon(small ? "phone" : "desktop")}
      <div>
        <p>${name} ${one.current ? html`<span class="badge">${t.thisDevice}</span>` : nothing}</p>
        <p class="soft">${t.used(ago(one.lastUsedAt), one.address)}</p>
      </div>
      ${one.current
        ? nothing
        : html`<button type="button" class="button small" aria-label=${t.endNamed(name)} @click=${() => end(one)}>
            ${t.end}
          </button>`}
    </li>
  `;
}

/** Returns the section with the sessions. */
export function devicesView() {
  const t = words().account;
  const others = devices.sessions.filter((one) => !one.current).length;
  return html`
    <section aria-labelledby="devices">
      <h3 id="devices" tabindex="-1">${t.devices}</h3>
      ${devices.phase === "loading"
        ? html`<div class="skeleton flat" role="img" aria-label=${t.loading}>
            <div class="bone"><i></i><b></b></div>
            <div class="bone"><i></i><b></b></div>
          </div>`
        : nothing}
      ${devices.phase === "failed"
        ? html`<p class="wrong">${t.devicesFailed} ${explain(devices.problem)}</p>
            <button type="button" class="button small" @click=${loadDevices}>${words().again}</button>`
        : nothing}
      ${devices.phase === "ready"
        ? html`<ul class="devices">
              ${repeat(devices.sessions, (one) => one.id, deviceView)}
            </ul>
            ${devices.message ? html`<p class="said">${devices.message}</p>` : nothing}
            ${others > 0
              ? html`<button type="button" class="button small" @click=${endOthers}>${t.endAll}</button>`
              : html`<p class="soft">${t.onlyOne}</p>`}`
        : nothing}
    </section>
  `;
}
