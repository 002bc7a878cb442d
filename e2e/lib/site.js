// SPDX-License-Identifier: EUPL-1.2
//
// What the journeys know of the site: its languages, its pages, and where in the demo
// network to find a service of a certain kind.
import assert from "node:assert/strict";
import { origin } from "./browser.js";

export const languages = ["it", "en", "fr", "es", "ar", "uk", "sq", "zh", "bn", "ur"];
export const rightToLeft = new Set(["ar", "ur"]);
export const dir = (language) => (rightToLeft.has(language) ? "rtl" : "ltr");

// text gets a page as a reader without a browser does.
export async function text(path, headers = {}) {
  const answer = await fetch(origin + path, { headers, redirect: "follow" });
  assert.equal(answer.status, 200, path);
  return answer.text();
}

// ids lists the services that a page of results shows, in its order.
export async function ids(query) {
  const html = await text(`/it/services?${new URLSearchParams(query)}`);
  return unique(html.matchAll(/<a class="tile-link" href="\/it\/services\/([^"?]+)"/g));
}

const unique = (found) => [...new Set([...found].map(([, id]) => id))];

// firstWhere gives the first of these services whose page in this language matches.
async function firstWhere(list, language, matches) {
  for (const id of list) if (matches(await text(`/${language}/services/${id}`))) return id;
  throw new Error(`none of ${list.length} services of the demo network is as the test needs it`);
}

let known;

// places are addresses of one page of each kind, found once.
export function places() {
  known ??= find();
  return known;
}

async function find() {
  const [permits, reserved] = await Promise.all([ids({ need: "residence-permit" }), ids({ need: "gender-violence" })]);
  const translated = await firstWhere(permits, "ar", (html) => /<h1>\s*[^<]*[\u0600-\u06ff]/.test(html));
  const italian = await firstWhere(permits, "ar", (html) => /<h1>\s*<span lang="it"/.test(html));
  const home = await text("/it/");
  const page = await text(`/it/services/${translated}`);
  return {
    translated, italian, reserved: reserved[0],
    territory: largest(home),
    organization: page.match(/\/it\/organizations\/([^"]+)"/)[1],
  };
}

// largest is the province on the start page that has most services.
function largest(home) {
  const list = [...home.matchAll(/\/it\/territories\/([^"]+)">[^<]*<\/a>\s*<span[^>]*>(\d+)/g)];
  assert.ok(list.length > 0, "the start page lists no territory");
  return list.reduce((most, one) => (Number(one[2]) > Number(most[2]) ? one : most))[1];
}

// questions are words that people type, one for each language.
export const questions = {
  it: "permesso di soggiorno", en: "residence permit", fr: "titre de séjour", es: "permiso de residencia", ar: "تصريح الإقامة",
  uk: "посвідка на проживання", sq: "leje qëndrimi", zh: "居留许可", bn: "বসবাসের অনুমতি", ur: "رہائشی اجازت نامہ",
};

// pages are all kinds of pages, as [name, address without language].
export async function pages(language) {
  const at = await places();
  const question = new URLSearchParams({ q: questions[language] });
  return [
    ["home", "/"],
    ["results", `/services?${question}`],
    ["no results", "/services?q=zzzzqqqq"],
    ["service", `/services/${at.translated}`],
    ["service in Italian alone", `/services/${at.italian}`],
    ["reserved service", `/services/${at.reserved}`],
    ["needs", "/needs"],
    ["need", "/needs/residence-permit"],
    ["urgent need", "/needs/gender-violence"],
    ["territories", "/territories"],
    ["territory", `/territories/${at.territory}`],
    ["organization", `/organizations/${at.organization}`],
    ["network", "/network"],
    ["shortlist", `/shortlist?ids=${at.translated},${at.italian}`],
    ["empty shortlist", "/shortlist"],
    ["offline", "/offline"],
    ["statistics", "/statistics"],
    ["open data", "/open-data"],
    ["programs", "/api"],
    ["privacy", "/privacy"],
    ["accessibility", "/accessibility"],
    ["exit", "/exit"],
  ];
}
