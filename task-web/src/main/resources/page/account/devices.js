/* SPDX-License-Identifier: Apache-2.0 */
// A person's sessions on all their devices, and an end to those they choose.
import { html, nothing, repeat } from "../lit.js";
import { ago, explain, words } from "../language/language.js";
import { call } from "../session/calls.js";
import { session } from "../session/session.js";
import { confirmed } from "../shell/confirm.js";
import { icon } from "../shell/icons.js";
import { announce } from "../shell/notices.js";
import { focusOn, redraw } from "../shell/render.js";

const ADDRESS = "/account/sessions";

/** phase: "loading", "ready" or "failed". */
const devices = { phase: "loading", sessions: [], problem: null, said: null };

/** Asks for them anew. */
export async function loadDevices() {
  Object.assign(devices, { phase: "loading", said: null });
  redraw();
  const answer = await call("GET", ADDRESS);
  if (answer.ok) {
    Object.assign(devices, { phase: "ready", sessions: answer.body });
  } else {
    Object.assign(devices, { phase: "failed", problem: answer });
  }
  redraw();
}

/** Nobody is signed in any more. */
export function forgetDevices() {
  Object.assign(devices, { phase: "loading", sessions: [], said: null });
}

function nameOf({ browser, system }) {
  const t = words().account;
  // the browser's exact version says nothing to a person
  const name = browser?.replace(/\/(\d+).*$/, " $1") ?? t.unknownBrowser;
  return system && system !== "Other" ? t.device(name, system) : name;
}

function say(text) {
  devices.said = text;
  announce(text);
  redraw();
}

async function end(one) {
  const answer = await call("DELETE", `${ADDRESS}/${encodeURIComponent(one.id)}`);
  if (answer.ok) {
    devices.sessions = devices.sessions.filter((other) => other !== one);
    say(words().account.ended);
    focusOn("#devices");
  } else if (session.state === "in") {
    say(explain(answer));
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
    say(t.endedAll);
    focusOn("#devices");
  } else if (session.state === "in") {
    say(explain(answer));
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

/** The part of the account that shows them. */
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
            ${devices.said ? html`<p class="said">${devices.said}</p>` : nothing}
            ${others > 0
              ? html`<button type="button" class="button small" @click=${endOthers}>${t.endAll}</button>`
              : html`<p class="soft">${t.onlyOne}</p>`}`
        : nothing}
    </section>
  `;
}
