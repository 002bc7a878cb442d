// SPDX-License-Identifier: EUPL-1.2
import { on } from "../on.js";

// rows puts a list of the card in its place anew when a button adds, moves or takes away a row. The server
// answers with the whole form, as it does without script: only the list is taken out of it, so that the eye
// and what is typed elsewhere stay where they are.
export function rows() {
  on("click", "form.editor [data-arrange]", (button, event) => {
    event.preventDefault();
    arrange(button);
  });
}

async function arrange(button) {
  const form = button.form;
  const here = button.closest("[data-rows]");
  if (here.inert) return;
  const [what] = button.value.split(":");
  const fields = [...new FormData(form)];
  here.inert = true; // what was typed or pressed here until the answer came would be lost with the old rows
  const page = await arranged(form, fields, button.value).catch(() => null);
  here.inert = false;
  const fresh = page?.getElementById(here.id);
  if (!fresh) return form.requestSubmit(button); // no answer, or the session has ended: the browser says what is wrong
  here.replaceChildren(...fresh.childNodes);
  form.dispatchEvent(new Event("input", { bubbles: true }));
  document.dispatchEvent(new Event("rows"));
  const row = here.querySelector("[autofocus]");
  if (what === "up" || what === "down") row?.querySelector(`.editor-row-${what}, .editor-row-up, .editor-row-down`)?.focus();
  else if (what === "add") row?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  else (row ?? here.querySelector(".editor-add"))?.focus();
}

// arranged is the page of the form after one of its buttons was pressed.
export async function arranged(form, fields, pressed) {
  const data = new URLSearchParams(fields.filter(([name]) => name !== "do"));
  data.set("do", pressed);
  const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}
