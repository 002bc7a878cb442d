// SPDX-License-Identifier: EUPL-1.2
//
// autosave sends a long form while somebody writes, so that nothing typed is lost. When the server can't be
// reached, or the session has ended, what was typed stays in this browser until the form is opened again.
import { left, prefix } from "./leave.js";
import { arranged } from "./rows.js";

const pause = 2000; // ms without a key before sending

export function autosave() {
  for (const form of document.querySelectorAll("form[data-autosave]")) keep(form);
}

async function keep(form) {
  const said = form.querySelector("[data-autosave-said]") ?? form.parentElement.querySelector("[data-autosave-said]");
  const key = form.dataset.autosaveKey ? prefix + form.dataset.autosaveKey : "";
  const say = (text) => said && (said.textContent = text);
  if (key && (await restore(form, key))) {
    say(form.dataset.autosaveRestored);
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }
  let timer;
  let sending = false;
  let again = false;
  const send = async () => {
    if (sending) return void (again = true);
    sending = true;
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: typed(form), headers: { Accept: "application/json" }, redirect: "error" });
      const told = await answer.json();
      if (answer.ok) await taken(form, told, key);
      else hold(form, key);
      say(told.said ?? form.dataset.autosaveLost);
    } catch {
      hold(form, key);
      say(form.dataset.autosaveLost);
    }
    sending = false;
    if (again) later();
    again = false;
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  };
  form.addEventListener("input", (event) => event.isComposing || later());
  form.addEventListener("change", later);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    hold(form, key, true); // the page that follows takes it away, unless it is the one for logging in
  });
}

const typed = (form) => {
  const data = new URLSearchParams(new FormData(form));
  data.delete("do");
  return data;
};

async function taken(form, told, key) {
  for (const name of ["version", "base"]) if (told[name]) form.elements[name].value = told[name];
  // Small forms of the same page, to discard and to send back, are of the same version.
  if (told.version && form.classList.contains("editor")) for (const other of document.querySelectorAll("input[name=version]")) other.value = told.version;
  if (key) localStorage.removeItem(key);
  form.dispatchEvent(new Event("autosaved"));
  await renew(form.dataset.autosaveRenew);
}

// renew takes the parts that follow from what was saved out of a fresh page.
async function renew(names) {
  if (!names) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const name of names.split(" ")) {
    const [here, fresh] = [document.getElementById(name), page.getElementById(name)];
    if (here && fresh) here.replaceChildren(...fresh.childNodes);
  }
}

function hold(form, key, sent = false) {
  if (!key || left()) return;
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), sent, fields: [...typed(form)] }));
  } catch {
    // Nothing can be kept here: the browser asks before the page is left.
  }
}

// What says which version a form is of.
const marks = ["version", "base", "digest"];

// restore puts back what was typed and never saved; it tells whether anything differs from the page. The form
// becomes one of the version that was written on: when somebody else has saved since, the server says so.
async function restore(form, key) {
  let kept;
  try {
    kept = JSON.parse(localStorage.getItem(key) ?? "null");
    localStorage.removeItem(key);
  } catch {
    return false;
  }
  if (!kept || Date.now() - kept.at > 7 * 24 * 3600 * 1000) return false;
  const values = grouped(kept.fields);
  const other = marks.filter((name) => form.elements[name] && form.elements[name].value !== (values.get(name) ?? [""])[0]);
  if (kept.sent && other.length > 0) return false; // it was taken
  let differs = await relist(form, kept.fields);
  for (const field of form.elements) {
    if (!field.name || field.type === "hidden" || field.type === "submit") continue;
    const list = values.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") {
      const on = list.includes(field.value);
      differs ||= on !== field.checked;
      field.checked = on;
    } else if (list.length > 0 && list[0].replace(/\r\n/g, "\n") !== field.value) {
      field.value = list[0];
      differs = true;
    }
  }
  if (differs) for (const name of other) form.elements[name].value = (values.get(name) ?? [""])[0];
  return differs;
}

// relist puts the rows of a card where they were when it was written on: as many, and in the same order, for
// what is typed belongs to the row and not to its place.
async function relist(form, fields) {
  const rows = (list) => list.filter(([name]) => /\.\d+\.id$/.test(name)).map(([name, id]) => name + "=" + id).sort().join();
  if (rows(fields) === rows([...new FormData(form)])) return false;
  const page = await arranged(form, fields, "rows").catch(() => null);
  if (!page) return false;
  for (const here of form.querySelectorAll("[data-rows]")) here.replaceChildren(...(page.getElementById(here.id)?.childNodes ?? here.childNodes));
  document.dispatchEvent(new Event("rows"));
  return true;
}

function grouped(fields) {
  const map = new Map();
  for (const [name, value] of fields) map.set(name, [...(map.get(name) ?? []), value]);
  return map;
}
