/* SPDX-License-Identifier: Apache-2.0 */
// Some stock labels refer to a missing field, so screen readers do not announce the name of the field \(WCAG 1.3.1, 4.1.2\).
// Such a label is connected with the field beside it.
document.addEventListener("DOMContentLoaded", () => {
  for (const label of document.querySelectorAll("label[for]")) {
    if (!document.getElementById(label.htmlFor)) {
      const field = label
        .closest(".pf-v5-c-form__group")
        ?.querySelector("input[id]:not([type=hidden]), select[id], textarea[id]");
      if (field) {
        label.htmlFor = field.id;
      }
    }
  }
});
