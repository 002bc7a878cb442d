// SPDX-License-Identifier: EUPL-1.2
//
// The form of those who go out and ask. What is written is kept in the browser first and sent when
// there is a network, as often as it takes: every report carries an identifier of its own, so that
// one that arrived already changes nothing. Nothing about persons is asked, so nothing is locked.

const form = document.querySelector("[data-field]");
const state = document.querySelector("[data-field-state]");
const queue = document.querySelector("[data-field-queue]");

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("approdo-field", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("reports", { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function work(mode, act) {
  const db = await open();
  try {
    return await new Promise((resolve, reject) => {
      const t = db.transaction("reports", mode);
      const request = act(t.objectStore("reports"));
      t.oncomplete = () => resolve(request.result);
      t.onerror = () => reject(t.error);
      t.onabort = () => reject(t.error);
    });
  } finally {
    db.close();
  }
}

const all = () => work("readonly", (store) => store.getAll());
const keep = (report) => work("readwrite", (store) => store.put(report));
const drop = (id) => work("readwrite", (store) => store.delete(id));

function say(text) {
  state.textContent = text;
}

// show lists what waits in the phone, with what is wrong where the server said so.
async function show() {
  const list = await all();
  queue.hidden = list.length === 0;
  const items = list.map((report) => {
    const item = document.createElement("li");
    const name = document.createElement("strong");
    name.dir = "auto";
    name.textContent = report.name;
    const what = document.createElement("span");
    what.textContent = ` · ${report.mistakes ? report.mistakes.join(" ") : state.dataset.waiting} `;
    const away = document.createElement("button");
    away.type = "button";
    away.className = "btn btn-plain";
    away.textContent = state.dataset.throw;
    away.addEventListener("click", async () => {
      if (!confirm(state.dataset.throwSure)) return;
      await drop(report.id);
      await show();
    });
    item.append(name, what, away);
    return item;
  });
  queue.querySelector("ul").replaceChildren(...items);
  return list;
}

let sending = false;

// Phones often say too late that there is a network again: while something waits, it is tried anyhow.
const again = 15000; // ms

// send tries everything that waits, one after the other, and stops at the first that finds no way.
async function send() {
  if (sending) return;
  sending = true;
  try {
    for (const report of await all()) {
      if (report.mistakes) continue;
      const body = new FormData();
      for (const [name, value] of report.fields) body.append(name, value);
      if (report.photo) body.append("photo", report.photo, "photo.jpg");
      let answer;
      try {
        answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
      } catch {
        break; // no network: later
      }
      if (answer.ok) {
        await drop(report.id);
        say(state.dataset.arrived);
      } else if (answer.status === 422 || answer.status === 413 || answer.status === 415) {
        const said = await answer.json().catch(() => ({}));
        await keep({ ...report, mistakes: said.mistakes ?? [String(answer.status)] });
      } else if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 404) {
        say(state.dataset.login); // logged out meanwhile: what was written stays
        break;
      } else break;
    }
  } finally {
    sending = false;
    await show();
  }
}

function fresh() {
  form.reset();
  form.elements.namedItem("id").value = crypto.randomUUID();
  for (const name of ["lat", "lon"]) form.elements.namedItem(name).value = "";
}

async function submit(event) {
  if (!window.indexedDB || !crypto.randomUUID) return; // an old browser sends the form as it is
  event.preventDefault();
  if (!form.reportValidity()) return;
  const place = ["comune", "lat"].some((name) => form.elements.namedItem(name).value.trim() !== "");
  const comune = form.elements.namedItem("comune");
  comune.required = !place;
  if (!form.reportValidity()) return;
  comune.required = false;
  const seen = new Date();
  form.elements.namedItem("seen").value = [seen.getFullYear(), String(seen.getMonth() + 1).padStart(2, "0"), String(seen.getDate()).padStart(2, "0")].join("-");
  const data = new FormData(form);
  const photo = data.get("photo");
  data.delete("photo");
  try {
    await keep({ id: data.get("id"), name: data.get("name"), fields: [...data.entries()], photo: photo && photo.size > 0 ? photo : null });
  } catch {
    form.submit(); // nothing can be kept here (a private window): the form goes by itself
    return;
  }
  say(state.dataset.kept);
  fresh();
  form.elements.namedItem("name").focus();
  await send();
}

// gps takes the place of the phone into the form and sends nothing.
function gps(button) {
  const text = button.querySelector("[data-text]");
  button.hidden = false;
  button.addEventListener("click", () => {
    text.textContent = button.dataset.wait;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.namedItem("lat").value = coords.latitude.toFixed(5);
        form.elements.namedItem("lon").value = coords.longitude.toFixed(5);
        text.textContent = `${button.dataset.done} (± ${Math.round(coords.accuracy)} m)`;
      },
      () => { text.textContent = button.dataset.denied; },
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 0 },
    );
  });
}

// remember keeps the form itself for when there is no network. Only the form: no other page is kept.
async function remember() {
  if (!("serviceWorker" in navigator)) return;
  const scope = location.pathname.replace(/new$/, "");
  await navigator.serviceWorker.register(state.dataset.worker, { scope });
  const page = await fetch(location.pathname, { redirect: "manual" });
  if (page.ok && (await page.clone().text()).includes("data-field-state")) {
    const cache = await caches.open("approdo-field-page");
    await cache.put(location.pathname, page);
  }
}

if (form && window.indexedDB) {
  const now = queue.querySelector("button");
  now.hidden = false;
  now.addEventListener("click", send);
  form.addEventListener("submit", submit);
  const button = form.querySelector("[data-gps]");
  if (button && navigator.geolocation) gps(button);
  window.addEventListener("online", send);
  setInterval(async () => {
    if (!document.hidden && (await all()).some((report) => !report.mistakes)) send();
  }, again);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  if (crypto.randomUUID && !form.querySelector(".field-error")) form.elements.namedItem("id").value = crypto.randomUUID();
  send();
  if (navigator.onLine) remember().catch(() => {});
}
