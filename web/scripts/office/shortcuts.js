// SPDX-License-Identifier: EUPL-1.2

// shortcuts: one key leads to the search, as the page says beside it. It rests while somebody writes
// (WCAG 2.2, 2.1.4: a single key must not act on what is typed or dictated) and with any other key held.
export function shortcuts() {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key === "s") return save(event);
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || writes(event.target)) return;
    const target = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
    if (!target) return;
    event.preventDefault();
    target.focus();
    target.select?.();
  });
}

// save keeps the draft that is being written on, as every program does with these keys.
function save(event) {
  const form = event.target.closest?.("form[data-autosave]");
  const button = form?.querySelector("button[name=do][value=save], button[name=do][value=keep]");
  if (!button) return;
  event.preventDefault();
  form.requestSubmit(button);
}

const writes = (element) => element.isContentEditable || element.matches?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select");
