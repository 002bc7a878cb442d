// SPDX-License-Identifier: EUPL-1.2
import { on } from "../on.js";

// bulk counts the rows that are marked, marks all of them, and keeps a button from sending none.
export function bulk() {
  for (const form of document.querySelectorAll("[data-bulk]")) count(form);
  on("change", "[data-bulk] input[type=checkbox]", (box) => {
    const form = box.closest("form");
    if (box.matches("[data-bulk-all]")) for (const one of marks(form)) one.checked = box.checked;
    count(form);
  });
  on("click", "[data-bulk] button[aria-disabled=true]", (_, event) => event.preventDefault());
  // The marks of a page that the browser kept are counted again when one comes back to it.
  window.addEventListener("pageshow", () => document.querySelectorAll("[data-bulk]").forEach(count));
}

const marks = (form) => [...form.querySelectorAll("input[name=id]")];

function count(form) {
  const all = marks(form);
  const marked = all.filter((one) => one.checked).length;
  const head = form.querySelector("[data-bulk-all]");
  head.checked = marked > 0 && marked === all.length;
  head.indeterminate = marked > 0 && marked < all.length;
  const text = form.querySelector("[data-bulk-count]");
  text.textContent = marked ? `${text.dataset.some} ${marked}` : text.dataset.none;
  for (const button of form.querySelectorAll(".table-bulk button")) button.setAttribute("aria-disabled", String(marked === 0));
}
