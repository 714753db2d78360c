/* SPDX-License-Identifier: Apache-2.0 */
// Tells people what is wrong with a field when they leave it. The server checks everything again.

// While a button is being pressed nothing may move, or the pointer is let go beside it.
let pressed = false;
document.addEventListener("pointerdown", () => (pressed = true));
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => (pressed = false));
}
function whenStill(act) {
  if (pressed) {
    document.addEventListener("pointerup", () => setTimeout(act), { once: true });
  } else {
    act();
  }
}

function watch(id, problem) {
  const field = document.getElementById(id);
  const place = document.getElementById(`input-error-container-${id}`);
  if (!field || !place) {
    return;
  }
  const say = () => {
    const text = problem(field);
    field.setAttribute("aria-invalid", text ? "true" : "false");
    if (!text) {
      place.replaceChildren();
      return;
    }
    const said = document.getElementById("rowlock-problem").content.cloneNode(true);
    said.querySelector("span").textContent = text;
    place.replaceChildren(said);
  };
  field.addEventListener("change", () => whenStill(say));
}

/** The form of an address as the browser knows it (HTML, type=email). */
export function watchAddress(id, text) {
  watch(id, (field) => (field.validity.typeMismatch ? text : ""));
}

/** Only what can be told without the server: how long it is. */
export function watchPassword(id, rules) {
  const breaks = {
    length: (value, bound) => value.length < bound,
    maxLength: (value, bound) => value.length > bound,
  };
  watch(id, (field) => {
    const broken = rules.find((rule) => rule.bound > 0 && breaks[rule.name](field.value, rule.bound));
    return broken ? broken.text.replace("{0}", broken.bound) : "";
  });
}
