// SPDX-License-Identifier: EUPL-1.2
//
// What readers and visitors have of the census: a report that they follow, the search on another site, a poster;
// and those who go and ask, with their phones.
import assert from "node:assert/strict";
import { phone } from "../lib/browser.js";
import { people, said } from "../lib/people.js";
import { inspect, tooWide } from "../lib/sweep.js";

const house = people();

// visit walks with somebody who has no account.
async function visit(options, steps) {
  const { context, page, problems } = await house.stranger({ size: phone, ...options });
  try {
    await steps(page, context);
  } catch (problem) {
    problem.stack += `\n  a visitor was at ${page.url()}`;
    throw problem;
  } finally {
    await context.close();
  }
  assert.deepEqual(problems, []);
}

async function wellMade(page) {
  assert.deepEqual(await tooWide(page), [], page.url());
  assert.deepEqual(await inspect(page), [], page.url());
}

house.walk("who reports a mistake follows it by a link of their own, without an account", async () => {
  const editor = await house.as("network-administrator");
  await visit({ language: "ar", js: false }, async (page) => {
    await page.goto("/ar/services?q=mensa");
    await page.locator(".tile-link").first().click();
    await page.locator(".feedback > details summary").click();
    await page.locator("#mistake").fill("يغلق يوم الخميس الساعة ١٢");
    await page.locator("form[action$='/mistake'] button").click();
    await page.waitForURL(/\/ar\/reports\//);
    const link = new URL(page.url()).pathname;
    assert.ok(await page.locator(".notice-success").isVisible());
    assert.match(await said(page), /يغلق يوم الخميس/);

    await editor.goto("/it/office/feedback");
    await editor.locator("main th a").first().click();
    await editor.locator("#answer").fill("Sentito l’ufficio.");
    await editor.locator("#reply").fill("شكرًا: صححنا المواعيد.");
    await editor.locator("#form .btn-primary").click();
    await editor.waitForURL("**/office/feedback");

    await page.goto(link);
    assert.match(await said(page), /صححنا المواعيد/);
    assert.doesNotMatch(await said(page), /Sentito/, "what we write for one another is shown");
    assert.equal((await page.request.get(link.slice(0, -1) + (link.endsWith("A") ? "B" : "A"))).status(), 404);
    assert.match((await page.request.get(link)).headers()["cache-control"], /no-store/);
    await editor.goto(link.replace("/ar/", "/it/"));
    await wellMade(editor);
    await editor.setViewportSize(phone);
    await editor.goto(link);
    await wellMade(editor);
  });
});

house.walk("the search stands on another site, and a poster leads to it, in Arabic", async () => {
  const editor = await house.as("directory-editor");
  await editor.goto("/it/office/share");
  await editor.locator("#origins").fill("non è un sito");
  await editor.locator("#form .btn-primary, .office-form .btn-primary").first().click();
  await editor.locator(".field-error").first().waitFor();
  assert.equal(await editor.locator("#origins").inputValue(), "non è un sito");
  await editor.locator("#origins").fill("https://www.comune.example");
  await editor.locator("#form .btn-primary, .office-form .btn-primary").first().click();
  await editor.locator(".notice-success").waitFor();
  await wellMade(editor);
  const widget = new URL((await editor.locator("pre code").textContent()).match(/src="([^"]+)"/)[1]).pathname.replace("/it/", "/ar/");
  await visit({ language: "ar" }, async (page) => {
    const answer = await page.goto(widget);
    assert.match(answer.headers()["content-security-policy"], /frame-ancestors https:\/\/www\.comune\.example/);
    assert.equal(await page.locator("html").getAttribute("dir"), "rtl");
    await wellMade(page);
    await page.locator("#q").fill("طبيب");
    await page.locator("button[type=submit]").click();
    await page.waitForURL(/q=/);
    await wellMade(page);
    await page.goto(`/ar/poster?body=${widget.split("/").at(-1)}&second=uk`);
    await page.waitForFunction(() => document.querySelector(".poster-code img")?.naturalWidth > 0);
    assert.equal(await page.locator(".poster-side").nth(1).getAttribute("lang"), "uk");
    await wellMade(page);
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator(".no-print").first().isVisible(), false);
    assert.deepEqual(await tooWide(page), []);
  });
}, [/422/]);

house.walk("two phones without a network keep what they found, and send it when there is one", async () => {
  const reviewer = await house.as("network-administrator");
  const found = [];
  for (const role of ["desk-operator", "mediator"]) {
    const page = await house.as(role);
    const context = page.context();
    await page.setViewportSize(phone);
    await page.goto("/it/office/field/new");
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForFunction(async () => (await (await caches.open("approdo-field-page")).keys()).length > 0);
    await context.setOffline(true);
    await page.reload();
    for (const name of [`Mensa di ${role}`, `Doposcuola di ${role}`]) {
      await page.locator("#name").fill(name);
      await page.locator("#comune").fill("Palermo");
      await page.locator("form[data-field] button[type=submit]").click();
      await page.locator("[data-field-queue] li", { hasText: name }).waitFor();
      found.push(name);
    }
  }
  await reviewer.goto("/it/office/field");
  for (const name of found) assert.ok(!(await said(reviewer)).includes(name));
  for (const role of ["desk-operator", "mediator"]) {
    const page = await house.as(role);
    await page.context().setOffline(false); // it goes by itself
    await page.locator("[data-field-queue] li").first().waitFor({ state: "detached" });
    await page.waitForFunction(() => document.querySelectorAll("[data-field-queue] li").length === 0);
  }
  await reviewer.reload();
  for (const name of found) assert.equal((await said(reviewer)).split(name).length, 2, `${name} is not there once`);
}, [/ERR_INTERNET_DISCONNECTED|Failed to fetch|Failed to load resource/]);
