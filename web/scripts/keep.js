// SPDX-License-Identifier: EUPL-1.2
//
// The page of copies: services of a territory kept on the phone and searched there.
// Nothing is kept before somebody asks for it; the words come from the page.
import { find, index } from "./keep/find.js";
import { forgetAll } from "./forget.js";

const store = "approdo-copies";
const most = 30; // results shown

const root = document.querySelector("[data-keep-offline]");
const part = (name) => root.querySelector(`[data-${name}]`);

const say = {};
const tongues = {};
for (const span of root.querySelector("template").content.querySelectorAll("[data-word]")) say[span.dataset.word] = span.textContent;
for (const span of root.querySelector("template").content.querySelectorAll("[data-tongue]")) tongues[span.dataset.tongue] = { name: span.textContent, dir: span.dir };
const fill = (key, values = {}) => say[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);

let copies = []; // { key, pack, index }

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

async function load() {
  copies = [];
  if (window.caches && (await caches.has(store))) {
    const cache = await caches.open(store);
    for (const request of await cache.keys()) {
      if (!new URL(request.url).pathname.startsWith("/offline/")) continue;
      const pack = await (await cache.match(request)).json();
      copies.push({ key: request.url, pack, index: index(pack) });
    }
  }
  part("copies").hidden = copies.length === 0;
  part("copy-list").replaceChildren(...copies.map(line));
  search();
}

function line({ key, pack }) {
  const item = element("li", "copy");
  const about = element("p");
  about.append(element("strong", "", pack.name), " · ", tongueOf(pack.lang), element("br"), element("span", "small muted", fill("copy_of", { date: pack.made_text })));
  if (pack.more) about.append(element("br"), element("span", "small", fill("more", { n: pack.more })));
  const remove = element("button", "btn btn-plain", say.delete);
  remove.type = "button";
  remove.addEventListener("click", async () => {
    await (await caches.open(store)).delete(key);
    await load();
    tell("deleted");
  });
  item.append(about, remove);
  return item;
}

function tongueOf(code) {
  const span = element("span", "", tongues[code]?.name ?? code);
  span.lang = code;
  span.dir = tongues[code]?.dir ?? "ltr";
  return span;
}

const tell = (key, values) => {
  part("keep-status").textContent = fill(key, values);
};

// keep fetches the copies that were chosen, then the page itself, so that it opens
// without a connection.
async function keep(event) {
  event.preventDefault();
  const form = event.target;
  const ref = form.elements.ref.value;
  const chosen = new FormData(form).getAll("lang");
  tell("wait");
  try {
    const cache = await caches.open(store);
    for (const code of chosen) {
      const address = `/offline/${ref}.${code}.json`;
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(String(answer.status));
      await cache.put(address, answer);
    }
    await cache.put(location.pathname, await fetch(location.pathname));
    if (navigator.serviceWorker) await navigator.serviceWorker.register("/sw.js");
    await load();
    tell("kept");
  } catch {
    tell("failed");
  }
}

function search(event) {
  event?.preventDefault();
  const question = root.querySelector("#offline-q").value;
  const seen = new Set();
  const results = [];
  // A service kept in several languages is shown in that of the page, else in the first.
  const mine = [...copies].sort((a, b) => Number(b.pack.lang === root.dataset.lang) - Number(a.pack.lang === root.dataset.lang));
  for (const { pack, index: kept } of mine) {
    for (const service of find(kept, question)) {
      if (!seen.has(service.i)) results.push({ service, pack });
      seen.add(service.i);
    }
  }
  const lines = [...new Map(copies.flatMap(({ pack }) => pack.helplines ?? []).map((one) => [one.n, one])).values()];
  part("offline-results").replaceChildren(...lines.map(helpline), ...results.slice(0, most).map(result));
  if (copies.length) part("offline-status").textContent = results.length ? fill("found", { n: results.length }) : say.none;
}

function helpline({ n, t }) {
  const item = element("li", "offline-helpline");
  item.append(phone(n), " ", element("span", "", t));
  return item;
}

function phone(number) {
  const digits = number.replace(/[^\d+]/g, "");
  const made = element(digits.startsWith("000") ? "span" : "a", "phone", number);
  made.dir = "ltr";
  if (made.tagName === "A") made.href = `tel:${digits}`;
  return made;
}

function result({ service, pack }) {
  const code = service.l ?? pack.lang;
  const item = element("li");
  const tile = element("article", "tile");
  const body = element("div", "tile-body");
  const title = element("h3", "tile-title", service.n);
  const summary = element("p", "", service.s ?? "");
  for (const text of [title, summary]) inLanguage(text, code);
  const where = element("p", "muted", [service.o, service.a || service.c].filter(Boolean).join(" · "));
  inLanguage(where, "it");
  const numbers = element("p", "cluster");
  numbers.append(...(service.p ?? []).map(phone));
  body.append(title, summary, where, numbers, more(service, code));
  const trust = service.z ? say.overdue : service.f ? fill("confirmed", { date: service.f }) : "";
  body.append(element("p", "small muted", [trust, fill("copy_of", { date: pack.made_text }), say.verify].filter(Boolean).join(" · ")));
  tile.append(body);
  item.append(tile);
  return item;
}

function inLanguage(made, code) {
  made.lang = code;
  made.dir = tongues[code]?.dir ?? "ltr";
}

function more(service, code) {
  const details = element("details", "more");
  details.append(element("summary", "", say.hours));
  const body = element("div", "more-body");
  const add = (key, texts) => {
    const list = texts.filter(Boolean);
    if (!list.length) return;
    if (key !== "hours") body.append(element("h4", "", say[key]));
    for (const text of list) {
      const one = element("p", "", text);
      inLanguage(one, key === "hours" || key === "spoken" ? root.dataset.lang : code);
      body.append(one);
    }
  };
  add("hours", service.t ?? []);
  add("bring", service.b ?? []);
  add("cost", service.e ?? []);
  add("spoken", [(service.k ?? []).map((one) => tongues[one]?.name ?? one).join(", ")]);
  add("who", [service.w]);
  add("how", [service.h]);
  details.append(body);
  return details;
}

part("offline-choose").addEventListener("submit", keep);
part("offline-search").addEventListener("submit", search);
part("offline-search").addEventListener("input", search);
part("offline-delete").addEventListener("click", async () => {
  await forgetAll();
  await load();
  tell("deleted");
});
load();
