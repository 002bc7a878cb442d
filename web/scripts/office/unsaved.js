// SPDX-License-Identifier: EUPL-1.2

// unsaved asks before a form is left with something typed in it: the browser's own question, in its
// own words. A form that came back with mistakes has something typed from the start.
export function unsaved() {
  for (const form of document.querySelectorAll("[data-unsaved]")) {
    let sent = false;
    let touched = form.querySelector("[role=alert]") !== null;
    form.addEventListener("input", () => (touched = true));
    form.addEventListener("autosaved", () => (touched = false));
    form.addEventListener("submit", () => (sent = true));
    window.addEventListener("pageshow", () => (sent = false));
    window.addEventListener("beforeunload", (event) => {
      if (touched && !sent) event.preventDefault();
    });
  }
}
