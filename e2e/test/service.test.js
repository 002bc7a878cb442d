// SPDX-License-Identifier: EUPL-1.2
//
// The page of a service: in ten languages, open or not, read by a mirror, on paper, and
// by nobody's trace when its place must not be known.
import assert from "node:assert/strict";
import { desktop, origin } from "../lib/browser.js";
import { journey } from "../lib/journey.js";
import { dir, languages, places, rightToLeft, text } from "../lib/site.js";
import { tooWide } from "../lib/sweep.js";

journey("one service, read in ten languages on a small phone", {}, async (page) => {
  const { translated } = await places();
  const seen = new Set();
  await page.goto(`/it/services/${translated}`);
  for (const language of languages) {
    if (language !== "it") {
      await page.locator(".lang-menu summary").click();
      await page.locator(`.lang-menu a[data-lang=${language}]`).click();
      await page.waitForURL(`**/${language}/services/${translated}`);
    }
    const html = page.locator("html");
    assert.equal(await html.getAttribute("lang"), language);
    assert.equal(await html.getAttribute("dir"), dir(language));
    assert.deepEqual(await tooWide(page), []);
    assert.notEqual((await page.locator("#hours .state").first().innerText()).trim(), "");
    seen.add((await page.locator("#hours .state").first().innerText()).trim());
    assert.equal(await page.locator(".lang-menu a[aria-current]").getAttribute("data-lang"), language);
  }
  assert.ok(seen.size >= 9, `the state of opening is said in ${seen.size} ways only: ${[...seen].join(" | ")}`);
  const chosen = (await page.context().cookies()).find((cookie) => cookie.name === "lang");
  assert.equal(chosen.value, "ur");
  await page.goto(`/services/${translated}`);
  assert.equal(new URL(page.url()).pathname, `/ur/services/${translated}`);
});

journey("the chosen language is kept where one is, with what was searched", {}, async (page) => {
  await page.goto("/it/services?q=medico&open=now");
  await page.locator(".lang-menu summary").click();
  await page.locator(".lang-menu a[data-lang=ar]").click();
  await page.waitForURL("**/ar/services?**");
  const query = new URL(page.url()).searchParams;
  assert.deepEqual([query.get("q"), query.get("open")], ["medico", "now"]);
});

journey("a service in Italian alone says so and marks its language", { language: "ar" }, async (page) => {
  const { italian } = await places();
  await page.goto(`/ar/services/${italian}`);
  const name = page.locator("h1 span[lang=it]");
  assert.equal(await name.getAttribute("dir"), "ltr");
  assert.match(await page.locator(".notice-info").first().innerText(), /italiano/i);
});

// Where a service stands on the map, one must be able to show the address to somebody.
journey("the address stands in Italian, with a map and a way to the phone's own", { language: "ar" }, async (page) => {
  const { translated } = await places();
  await page.goto(`/ar/services/${translated}`);
  const address = page.locator(".place-address").first();
  assert.deepEqual([await address.getAttribute("lang"), await address.getAttribute("dir")], ["it", "ltr"]);
  assert.notEqual((await address.innerText()).trim(), "");
  assert.match(await page.locator("a[href^='geo:']").first().getAttribute("href"), /^geo:\d+\.\d+,\d+\.\d+/);
  assert.equal(await page.locator(".map-pin").count(), 0, "the map is fetched before anybody has come near it");
  await page.locator("[data-map]").scrollIntoViewIfNeeded();
  await page.locator("[data-map] .map-pin").waitFor();
});

journey("the code for another phone is a picture of this server", {}, async (page) => {
  const { translated } = await places();
  await page.goto(`/it/services/${translated}`);
  const code = page.locator("img.qr");
  await code.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.querySelector("img.qr").complete);
  assert.ok((await code.evaluate((img) => img.naturalWidth)) > 0);
  for (const scheme of ["https://wa.me/", "sms:", "mailto:"]) assert.ok((await page.locator(`.share a[href^='${scheme}']`).count()) > 0, scheme);
});

journey("a service whose place is reserved leaves nothing behind", {}, async (page) => {
  const { reserved } = await places();
  const answer = await page.goto(`/it/services/${reserved}`);
  assert.match(answer.headers()["cache-control"], /no-store/);
  assert.equal(await page.locator("meta[name=robots]").getAttribute("content"), "noindex");
  assert.equal(await page.locator("[data-map], [data-keep], img.qr, .place-address, [data-share]").count(), 0);
  assert.match(await page.locator(".service-body").innerText(), /Provincia di/);
  assert.ok((await page.locator("#contact a[href^='tel:'], #contact .phone").count()) > 0);
  const sheet = await text(`/it/shortlist?ids=${reserved}`);
  assert.doesNotMatch(sheet, /sheet-item/);
});

journey("on paper: the card without what one can't press", { size: desktop }, async (page) => {
  const { translated } = await places();
  await page.goto(`/it/services/${translated}`);
  await page.emulateMedia({ media: "print" });
  for (const part of [".site-header nav", ".exit", ".lang-menu", ".feedback", ".hand-over", ".btn-read"]) {
    for (const one of await page.locator(part).all()) assert.equal(await one.isVisible(), false, `${part} is printed`);
  }
  for (const part of ["h1", "#hours", "#contact", ".place-address", ".service-verdict"]) assert.ok(await page.locator(part).first().isVisible(), `${part} is missing on paper`);
  const pdf = await page.pdf({ format: "A4" });
  const sheets = (pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) ?? []).length;
  assert.ok(sheets >= 1 && sheets <= 2, `${sheets} sheets`);
});

// mirrored compares a page in Italian with the same in another direction: what stands
// near one edge must stand as near to the other.
for (const language of rightToLeft) {
  journey(`the page in ${language} is the mirror of the Italian one`, { size: desktop }, async (page) => {
    const { translated } = await places();
    const box = async (code, selector) => {
      await page.goto(`/${code}/services/${translated}`);
      return page.evaluate((s) => {
        const found = document.querySelector(s).getBoundingClientRect();
        return { start: found.left, end: document.documentElement.clientWidth - found.right };
      }, selector);
    };
    for (const selector of [".brand", ".lang-menu", ".service-side", ".service-main"]) {
      const [left, right] = [await box("it", selector), await box(language, selector)];
      const nearLeft = left.start < left.end;
      const near = nearLeft ? [left.start, right.end] : [left.end, right.start];
      assert.ok(Math.abs(near[0] - near[1]) <= 2, `${selector}: ${JSON.stringify(left)} in Italian, ${JSON.stringify(right)} in ${language}`);
    }
    assert.equal(await page.locator("body").evaluate((b) => getComputedStyle(b).direction), "rtl");
    assert.equal(await page.locator(".place-address").first().evaluate((e) => getComputedStyle(e).direction), "ltr");
  });
}

journey("a link passed on shows the service to who has never been here", { language: "fr-FR" }, async (page) => {
  const { translated } = await places();
  const answer = await page.goto(`${origin}/services/${translated}`);
  assert.equal(answer.status(), 200);
  assert.equal(new URL(page.url()).pathname, `/fr/services/${translated}`);
});
