/* SPDX-License-Identifier: Apache-2.0 */
// Validates a field on blur. The server validates everything again.

// While a button is being pressed, the layout must not change, or the pointer would be released beside it.
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

/** Checks the syntax of an address with the validator of the browser (HTML, type=email). */
export function watchAddress(id, text) {
  watch(id, (field) => (field.validity.typeMismatch ? text : ""));
}

/** Checks the length only; the other rules need the server. */
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
