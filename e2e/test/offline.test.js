// SPDX-License-Identifier: EUPL-1.2
//
// Without a connection: keep a territory, search and read it in the tunnel, delete it.
import assert from "node:assert/strict";
import { origin } from "../lib/browser.js";
import { journey } from "../lib/journey.js";
import { ids, places } from "../lib/site.js";

// A browser that is cut off says so in its console; that is what these journeys want.
const cut = [/ERR_INTERNET_DISCONNECTED/, /Failed to fetch/];

// keep puts the territory of the demo network that has most services on the phone.
async function keep(page, language, tongues = [language]) {
  const { territory } = await places();
  await page.goto(`/${language}/offline?territory=${encodeURIComponent(territory)}`);
  for (const box of await page.locator("[data-offline-choose] input[name=lang]").all()) {
    await box.setChecked(tongues.includes(await box.getAttribute("value")), { force: true });
  }
  await page.locator("[data-offline-choose] button[type=submit]").click();
  await page.locator("[data-copies]:not([hidden])").waitFor();
  await page.waitForFunction((n) => document.querySelectorAll("[data-copy-list] li").length === n, tongues.length);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  return territory;
}

// ask searches in the copies on the phone.
async function ask(page, words) {
  await page.locator("#offline-q").fill(words);
  await page.locator("[data-offline-search] button[type=submit]").click();
  const found = page.locator("[data-offline-results] article");
  await found.first().waitFor();
  return found;
}

// stored lists the addresses of all that is kept in the stores of the browser.
function stored(page) {
  return page.evaluate(async () => {
    const all = [];
    for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) all.push(request.url);
    return all;
  });
}

journey("keep a territory, lose the connection, search, read, delete", { expected: cut }, async (page, { context }) => {
  await keep(page, "it");
  const list = page.locator("[data-copy-list] li");
  assert.match(await list.first().innerText(), /\d{4}/, "the date of the copy is not shown");

  await context.setOffline(true);
  await page.goto("/it/");
  await page.locator("#offline-q").waitFor(); // the page of copies stands here, whatever was asked for
  await page.locator("[data-offline]:not([hidden])").waitFor(); // it says that there is no connection
  const found = await ask(page, "permeso di sogiorno");
  assert.match(await found.first().innerText(), /soggiorno/i);
  assert.match(await page.locator("main").innerText(), /Copia del .*\d{4}/);
  assert.ok(await page.locator("[data-offline-results] a[href='tel:112']").isVisible(), "the numbers for an emergency are not in the copy");
  await found.first().locator("details summary").click();
  assert.match(await found.first().locator("details").innerText(), /lunedì|martedì|appuntamento|non indicato/i);
  assert.match(await found.first().innerText(), /È una copia/);

  await page.goto("/it/offline");
  page.on("dialog", (dialog) => dialog.accept());
  await page.locator("[data-offline-delete]").click();
  await page.locator("[data-copies]").waitFor({ state: "hidden" });
  assert.deepEqual(await stored(page), [], "the copy is still there after it was deleted");
  await context.setOffline(false);
  await page.goto("/it/offline");
  assert.ok(await page.locator("[data-copies]").isHidden());
});

journey("in Arabic, with Italian beside it", { language: "ar", expected: cut }, async (page, { context }) => {
  await keep(page, "ar", ["ar", "it"]);
  await context.setOffline(true);
  await page.goto("/ar/services?q=x");
  assert.equal(await page.locator("html").getAttribute("dir"), "rtl");
  const found = await ask(page, "تصريح الاقامه");
  assert.ok((await found.count()) > 0);
});

journey("quick exit takes the copies away", { expected: cut }, async (page) => {
  await keep(page, "it");
  await page.locator("[data-exit]").click();
  await page.waitForURL("**/exit");
  await page.goto("/it/offline");
  await page.locator("[data-offline-choose]").waitFor();
  assert.deepEqual(await stored(page), [], "the copy is still there after quick exit");
});

journey("a copy holds nothing about violence and no reserved place, in a small parcel", {}, async (page) => {
  const territory = await keep(page, "it");
  const wire = await fetch(`${origin}/offline/${encodeURIComponent(territory)}.it.json`, { headers: { "Accept-Encoding": "br" } });
  assert.equal(wire.status, 200);
  const parcel = await wire.json();
  assert.ok(parcel.services.length > 0);
  const never = new Set([...(await ids({ need: "gender-violence" })), ...(await ids({ need: "trafficking" }))]);
  assert.ok(never.size > 0);
  assert.deepEqual(parcel.services.filter((one) => never.has(one.i)), []);
});

journey("nothing is kept on the phone unless one asks for it", {}, async (page) => {
  const { translated } = await places();
  for (const path of ["/it/", "/it/services?q=medico", `/it/services/${translated}`, "/it/offline"]) await page.goto(path, { waitUntil: "networkidle" });
  const left = await page.evaluate(async () => ({
    workers: (await navigator.serviceWorker.getRegistrations()).length, stores: await caches.keys(), local: Object.keys(localStorage), cookie: document.cookie,
    bases: (await indexedDB.databases()).map((one) => one.name),
  }));
  assert.deepEqual(left, { workers: 0, stores: [], local: [], cookie: "", bases: [] });
});

journey("pages of reserved services are never in a store of the phone", { expected: cut }, async (page, { context }) => {
  const { reserved } = await places();
  await keep(page, "it");
  await page.goto(`/it/services/${reserved}`);
  await page.goto("/it/services?need=gender-violence");
  const all = await stored(page);
  assert.ok(all.length > 0, "nothing was kept at all");
  assert.deepEqual(all.filter((url) => url.includes(reserved) || url.includes("violence")), []);
  await context.setOffline(true);
  await page.goto(`/it/services/${reserved}`);
  assert.equal(await page.locator(".service").count(), 0);
});
