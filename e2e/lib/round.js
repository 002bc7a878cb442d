// SPDX-License-Identifier: EUPL-1.2
//
// The round through the office: every page that an account reaches by links, one of each kind.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "../..");

// What stands where an identifier stands in other addresses.
const words = new Set(["new", "invite", "edit", "preferences", "rules", "relations", "emergencies", "emergency", "history", "status", "translations", "verification", "close", "merge", "assessment", "undo", "password", "seen"]);

// kind is what pages of one sort have in common: "/office/services/*/history".
export const kind = (address) => {
  const [, , room, list, ...rest] = address.split("/");
  return [room, list, ...rest.map((part) => (words.has(part) ? part : "*"))].filter(Boolean).join("/");
};

const file = /\.(csv|xlsx|json|png|pdf)$|\/(export|template|file|photo)$/;

// links are the ways from this page to pages of the office and of the account, without what orders and
// filters lists.
async function links(page, language) {
  const all = await page.$$eval("nav a[href], main a[href]", (list) => list.filter((a) => !a.hasAttribute("download")).map((a) => a.href));
  const here = new URL(page.url()).origin;
  return all.map((href) => new URL(href)).filter((url) => url.origin === here && new RegExp(`^/${language}/(office|account)(/|$)`).test(url.pathname) && !file.test(url.pathname)).map((url) => url.pathname);
}

// round opens one page of each kind and calls visit(kind) on it. passed are kinds that need no visit.
export async function round(page, language, visit, passed = new Set()) {
  const queue = [`/${language}/office`, `/${language}/account`];
  const done = new Set();
  while (queue.length > 0) {
    const address = queue.shift();
    const what = kind(address);
    if (done.has(what)) continue;
    done.add(what);
    const answer = await page.goto(address);
    queue.push(...await links(page, language));
    if (!passed.has(what)) await visit(what, answer);
  }
  return done;
}

// spaces are the first parts of the keys of all catalogues: a text that begins with one of them, and goes
// on like a key, is a word that is missing.
function spaces() {
  const found = new Set();
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const at = path.join(folder, entry.name);
      if (entry.isDirectory()) walk(at);
      else if (entry.name === "it.json" && at.includes("locales")) for (const key of Object.keys(JSON.parse(readFileSync(at, "utf8")))) found.add(key.split(".")[0]);
    }
  };
  walk(path.join(root, "internal"));
  return [...found];
}

const names = spaces();

// faults are what no page may have: no title, two main headings, one id for two things, a
// heading of a table without words, a word that is missing.
export function faults(page, what) {
  return page.evaluate(([names, coded]) => {
    const list = [];
    const h1 = [...document.querySelectorAll("h1")];
    if (h1.length !== 1) list.push(`${h1.length} main headings`);
    else if (!document.title.startsWith(h1[0].innerText.trim().split("\n")[0].slice(0, 20))) list.push(`the title is "${document.title}"`);
    const seen = new Set();
    for (const e of document.querySelectorAll("[id]")) {
      if (seen.has(e.id)) list.push(`two things are #${e.id}`);
      seen.add(e.id);
    }
    for (const e of document.querySelectorAll("th")) if (e.textContent.trim() === "") list.push("a heading of a table has no words");
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const key = new RegExp(`^(?:${names.join("|")})(?:\\.[a-z0-9_-]+)+$`);
    while (walker.nextNode()) {
      // The names of actions are said as they are, in small print beside their words.
      if (walker.currentNode.parentElement.closest("code, pre, kbd, script, .cell-small")) continue;
      const text = walker.currentNode.data;
      if (!coded) for (const word of text.split(/\s+/)) if (key.test(word)) list.push(`a word is missing: ${word}`);
      if (/\{[a-z_]+\}|!\(|\bundefined\b|\bNaN\b|<nil>/.test(text)) list.push(`a value is missing: ${text.trim().slice(0, 80)}`);
    }
    return list;
  }, [names, what === "office/log/*"]); // one event of the log says the code of its action
}
