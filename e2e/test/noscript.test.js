// SPDX-License-Identifier: EUPL-1.2
//
// Everything but copies and maps works without JavaScript, on a phone that is old or
// has it switched off.
import assert from "node:assert/strict";
import { journey } from "../lib/journey.js";
import { places } from "../lib/site.js";

journey("without JavaScript: search, filter, read, change language, print", { js: false }, async (page) => {
  await page.goto("/it/");
  await page.locator("main input[type=search]").fill("corso di italiano");
  await page.locator("main .search button[type=submit]").first().click();
  await page.waitForURL("**/it/services?**");
  const all = await page.locator("#results .tile-link").allInnerTexts();
  assert.ok(all.length > 0);

  await page.locator("details.filters > summary").click();
  await page.locator("label[for=open]").click();
  await page.locator(".filters-send button").click();
  await page.waitForURL(/open=now/);
  assert.ok(await page.locator("#open").isChecked());

  await page.goto("/it/services?q=corso+di+italiano");
  await page.locator("nav.pages a[rel=next]").click();
  await page.waitForURL(/page=2/);
  assert.notDeepEqual(await page.locator("#results .tile-link").allInnerTexts(), all);

  await page.locator("#results .tile-link").first().click();
  await page.waitForURL("**/it/services/*");
  await page.locator(".lang-menu summary").click();
  await page.locator(".lang-menu a[data-lang=bn]").click();
  await page.waitForURL("**/bn/services/*");
  assert.ok(await page.locator("h1").isVisible());
});

journey("without JavaScript: the menu is open, and nothing is shown that does nothing", { js: false }, async (page) => {
  const { translated } = await places();
  await page.goto(`/it/services/${translated}`);
  assert.ok(await page.locator("#menu a").first().isVisible());
  for (const selector of ["[data-keep]", "[data-print]", "[data-read]", "[data-copy]", "[data-share]", "[data-near]", "[data-menu]", "[data-map]"]) {
    for (const one of await page.locator(selector).all()) assert.equal(await one.isVisible(), false, `${selector} is shown but needs a script`);
  }
});

journey("without JavaScript: the page of copies says that it needs it", { js: false }, async (page) => {
  await page.goto("/it/offline");
  assert.ok(await page.locator("noscript").count() > 0);
  assert.match(await page.locator("main").innerText(), /JavaScript/);
  assert.equal(await page.locator("[data-offline-choose]").isVisible(), false);
});

journey("without JavaScript: needs and territories lead to services", { js: false, language: "ar" }, async (page) => {
  await page.goto("/ar/needs");
  await page.locator(".need-links a").first().click();
  await page.waitForURL("**/ar/needs/*");
  assert.ok(await page.locator("h1").isVisible());
  await page.goto("/ar/territories");
  await page.locator(".territory-provinces a").first().click();
  await page.waitForURL("**/ar/territories/*");
  assert.ok((await page.locator(".tile-link").count()) > 0);
});
