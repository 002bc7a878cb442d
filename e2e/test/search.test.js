// SPDX-License-Identifier: EUPL-1.2
//
// Searching: from the start page, as one types, in two scripts, with a mistake, and on
// PostgreSQL as on SQLite.
import assert from "node:assert/strict";
import { journey } from "../lib/journey.js";

const titles = (page) => page.locator("#results .tile-link").allInnerTexts();

// type writes letter by letter and waits for the results to follow.
async function type(page, words) {
  const box = page.locator("#q");
  await box.fill("");
  await box.pressSequentially(words, { delay: 20 });
  await page.waitForURL((url) => url.searchParams.get("q") === words);
  await page.locator("#results:not([aria-busy])").waitFor();
}

// find goes the whole way of somebody who looks for something.
async function find(page, language, { first, then, meant }) {
  await page.goto(`/${language}/`);
  await page.locator("main input[type=search]").fill(first);
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/${language}/services?**`);
  const before = await titles(page);
  assert.ok(before.length > 0, `${first}: nothing found`);

  await type(page, then);
  const found = await titles(page);
  assert.ok(found.length > 0, `${then}: nothing found`);
  assert.notDeepEqual(found, before, "the results did not follow what was typed");
  assert.match(await page.locator("#results").innerText(), meant);

  await page.locator("#results .tile-link").first().click();
  await page.waitForURL(`**/${language}/services/*`);
  assert.equal((await page.locator("h1").innerText()).trim(), found[0].trim());
  await page.goBack();
  assert.equal(await page.locator("#q").inputValue(), then);
  // While one types the last word may be unfinished, so further down the order may differ.
  const again = await titles(page);
  assert.deepEqual(again.slice(0, 3), found.slice(0, 3));
  await page.reload();
  assert.equal(await page.locator("#q").inputValue(), then);
  assert.deepEqual(await titles(page), again);
}

journey("Italian: from the start page, then as one types, there and back", {}, (page) =>
  find(page, "it", { first: "medico", then: "permesso di soggiorno", meant: /permesso di soggiorno/i }));

journey("Arabic: from the start page, then as one types, there and back", { language: "ar" }, (page) =>
  find(page, "ar", { first: "طبيب", then: "تصريح الإقامة", meant: /الإقامة/ }));

journey("an Arabic question finds what is described in Italian alone", { language: "ar" }, async (page) => {
  await page.goto("/ar/services?q=" + encodeURIComponent("تجديد تصريح الإقامة"));
  const italian = page.locator("#results .tile-link span[lang=it][dir=ltr]");
  const others = await page.locator("#results .tile-link").count();
  assert.ok(others > 0);
  for (let n = 2; (await italian.count()) === 0 && n < 6; n++) await page.goto(`/ar/services?page=${n}&q=` + encodeURIComponent("تجديد تصريح الإقامة"));
  assert.ok((await italian.count()) > 0, "no service in Italian among the results");
});

journey("a misspelt word still finds", {}, async (page) => {
  await page.goto("/it/services?q=" + encodeURIComponent("permeso di sogiorno"));
  assert.match((await titles(page)).join("\n"), /soggiorno/i);
});

journey("the name of a comune in the question becomes its territory", {}, async (page) => {
  await page.goto("/it/services?q=" + encodeURIComponent("medico Marsala"));
  assert.match(await page.locator(".results-notes").innerText(), /Marsala|Trapani/);
  assert.match(await page.locator("#results").innerText(), /Marsala|Trapani/);
});

journey("what is not found leads on", {}, async (page) => {
  await page.goto("/it/services?q=zzzzqqqq");
  assert.match(await page.locator("#results").innerText(), /Non abbiamo trovato/);
  const need = page.locator(".nearest a").first();
  await need.click();
  await page.waitForURL(/need=/);
  assert.ok((await titles(page)).length > 0);
});

journey("the same way on PostgreSQL", { base: process.env.APPRODO_ORIGIN_POSTGRES }, (page) =>
  find(page, "it", { first: "medico", then: "permesso di soggiorno", meant: /permesso di soggiorno/i }));
