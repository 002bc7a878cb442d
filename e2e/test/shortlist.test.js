// SPDX-License-Identifier: EUPL-1.2
//
// The list: kept on the phone alone, made into one sheet in two languages, printed, as PDF.
import assert from "node:assert/strict";
import { desktop, origin } from "../lib/browser.js";
import { journey } from "../lib/journey.js";
import { dir, places, text } from "../lib/site.js";

journey("keep two services, make the sheet in two languages, take one away", { language: "ar", size: desktop }, async (page) => {
  await page.goto("/ar/services?need=residence-permit");
  const keep = page.locator("#results [data-keep]");
  await keep.nth(0).click();
  await keep.nth(1).click();
  assert.equal(await page.locator("[data-shortlist-count]").first().innerText(), "2");
  await page.locator("a[data-shortlist]").first().click();
  await page.waitForURL("**/ar/shortlist?ids=*");
  assert.equal(await page.locator(".sheet-item").count(), 2);

  // Without being asked the second language is Italian, for who helps at the desk.
  const titles = page.locator(".sheet-item").first().locator(".sheet-titles h2");
  assert.equal(await titles.count(), 2);
  const rows = page.locator(".sheet-item").first().locator(".sheet-row:not(.sheet-titles) > div");
  assert.deepEqual([await rows.nth(0).getAttribute("dir"), await rows.nth(1).getAttribute("dir")], ["rtl", "ltr"]);
  const [mine, other] = [await rows.nth(0).boundingBox(), await rows.nth(1).boundingBox()];
  assert.ok(mine.x > other.x, "in Arabic one's own language stands on the right");
  assert.ok(Math.abs(mine.y - other.y) < 2, "the two languages do not stand side by side");

  await page.locator("#with").selectOption("uk");
  await page.locator(".sheet-form button[type=submit]").click();
  await page.waitForURL(/with=uk/);
  assert.equal(await rows.nth(1).getAttribute("lang"), "uk");

  await page.emulateMedia({ media: "print" });
  for (const hidden of [".site-header nav", ".exit", ".sheet-form", ".sheet-remove", ".share"]) {
    for (const one of await page.locator(hidden).all()) assert.equal(await one.isVisible(), false, `${hidden} is printed`);
  }
  assert.ok(await page.locator(".sheet .qr").isVisible(), "the code is not printed");
  assert.ok((await page.locator(".sheet .qr").evaluate((img) => img.naturalWidth)) > 0);
  const [left, right] = [await rows.nth(1).boundingBox(), await rows.nth(0).boundingBox()];
  assert.ok(left.x < right.x && Math.abs(left.y - right.y) < 2, "on paper the languages do not stand side by side");
  await page.emulateMedia({ media: null });

  await page.locator(".sheet-remove a").first().click();
  await page.waitForURL((url) => !url.search.includes("%2C"));
  assert.equal(await page.locator(".sheet-item").count(), 1);
});

journey("the list stays on this phone: nothing is sent before one opens it", {}, async (page, { context }) => {
  const { translated } = await places();
  await page.goto(`/it/services/${translated}`, { waitUntil: "networkidle" });
  const sent = [];
  context.on("request", (request) => sent.push(new URL(request.url()).pathname));
  await page.locator("[data-keep]").first().click();
  await page.waitForTimeout(200);
  assert.deepEqual(sent.filter((path) => !/^\/static\/favicon/.test(path)), []); // browsers fetch that when they like
  assert.deepEqual(await context.cookies(), []);
});

journey("the PDF of the sheet", {}, async (page) => {
  const { translated, italian } = await places();
  await page.goto(`/ur/shortlist?ids=${translated},${italian}`);
  const href = await page.locator("a[href*='shortlist.pdf']").getAttribute("href");
  const answer = await fetch(new URL(href, origin));
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("content-type"), "application/pdf");
  assert.match(answer.headers.get("cache-control"), /no-store/);
  const pdf = Buffer.from(await answer.arrayBuffer());
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  const latin = pdf.toString("latin1");
  assert.match(latin, /\/StructTreeRoot/, "the PDF is not tagged: who listens to it gets nothing");
  assert.match(latin, /\/Lang\s*\(ur/, "the PDF does not say its language");
});

journey("a list passed on by its address is the same for another", { js: false }, async (page) => {
  const { translated, italian } = await places();
  await page.goto(`/fr/shortlist?ids=${translated},${italian}&with=ar`);
  assert.equal(await page.locator(".sheet-item").count(), 2);
  const rows = page.locator(".sheet-item").first().locator(".sheet-row:not(.sheet-titles) > div");
  assert.deepEqual([await rows.nth(0).getAttribute("dir"), await rows.nth(1).getAttribute("dir")], [dir("fr"), dir("ar")]);
  assert.match(await text(`/fr/shortlist/qr.svg?ids=${translated}&with=ar`), /^(<\?xml[^>]*>\s*)?<svg/);
});
