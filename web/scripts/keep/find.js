// SPDX-License-Identifier: EUPL-1.2
import { words } from "./fold.js";

// How much a word counts where it stands, and how much when it is found as another.
const weight = { name: 5, need: 4, asked: 3, summary: 3, place: 2, text: 1 };
const asPrefix = 0.7;
const asTypo = 0.5;

// Words of one or two letters of the alphabets that have many such, "ho", "di", "в": they
// tell nothing apart. Words that more than half of the services have don't either.
const small = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Arabic}]{1,2}$/u;

// index lists the words of every service of a pack, with those of its needs, so that a
// question in everyday words finds a service that says it officially.
export function index(pack) {
  const docs = pack.services.map((service) => ({ service, words: wordsOf(service, pack) }));
  const spread = new Map();
  for (const doc of docs) for (const word of doc.words.keys()) spread.set(word, (spread.get(word) ?? 0) + 1);
  return { docs, spread };
}

function wordsOf(service, pack) {
  const found = new Map();
  const add = (text, n) => {
    for (const word of words(text ?? "")) if ((found.get(word) ?? 0) < n) found.set(word, n);
  };
  add(service.n, weight.name);
  add(service.s, weight.summary);
  add(service.o, weight.place);
  add(service.c, weight.place);
  for (const text of [service.d, service.w, service.h]) add(text, weight.text);
  for (const code of service.x ?? []) {
    const need = pack.needs[code];
    if (!need) continue;
    add(need.n, weight.need);
    for (const text of need.w ?? []) add(text, weight.asked);
  }
  return found;
}

// find ranks services by how many of the words they have, and how telling these are.
// Nothing asked finds everything.
export function find({ docs, spread }, question) {
  const all = words(question);
  if (all.length === 0) return docs.map((doc) => doc.service);
  const telling = all.filter((word) => !small.test(word) && (spread.get(word) ?? 0) <= docs.length / 2);
  const asked = telling.length ? telling : all;
  const vocabulary = asked.map((word) => meanings(word, spread));
  const hits = [];
  for (const doc of docs) {
    let met = 0;
    let score = 0;
    for (const candidates of vocabulary) {
      let best = 0;
      for (const [word, quality] of candidates) {
        const at = doc.words.get(word);
        if (at) best = Math.max(best, quality * at * Math.log(1 + docs.length / spread.get(word)));
      }
      if (best > 0) met++;
      score += best;
    }
    if (met > 0) hits.push({ service: doc.service, met, score });
  }
  const most = Math.max(0, ...hits.map((hit) => hit.met));
  return hits
    .filter((hit) => hit.met >= Math.max(1, most - 1))
    .sort((a, b) => b.met - a.met || b.score - a.score || (a.service.i < b.service.i ? -1 : 1))
    .map((hit) => hit.service);
}

// meanings are the known words that a word of the question may be.
function meanings(word, spread) {
  const list = [];
  if (spread.has(word)) list.push([word, 1]);
  if (word.length < 3) return list;
  for (const known of spread.keys()) {
    if (known === word) continue;
    if (known.startsWith(word)) list.push([known, asPrefix]);
    else if (word.length >= 5 && near(word, known)) list.push([known, asTypo]);
  }
  return list;
}

// near: the words differ by one letter more, less or changed, or by two neighbours that
// have changed places.
export function near(a, b) {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const left = a.slice(start, a.length - end);
  const right = b.slice(start, b.length - end);
  return left.length <= 1 && right.length <= 1 ? true : left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}
