// SPDX-License-Identifier: EUPL-1.2
//
// The census is kept alive: a mistake is reported and answered, a sheet is imported and undone, and
// somebody in the field writes without a network.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { closeBrowser, desktop, phone, visitor } from "../lib/browser.js";
import { examples, local, login } from "../lib/account.js";
import { start } from "../lib/server.js";
import { inspect, tooWide } from "../lib/sweep.js";

let server, people, base;

before(async () => {
  server = await start();
  base = local(server.origin);
  people = await examples(server);
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});

async function walk(options, expected, steps) {
  const { context, page, problems } = await visitor({ base, expected, ...options });
  try {
    await steps(page, context);
  } catch (problem) {
    problem.message += `\n  at ${page.url()}`;
    throw problem;
  } finally {
    await context.close();
  }
  assert.deepEqual(problems, []);
}

test("a mistake is reported on a phone and answered in the office", async () => {
  let service;
  await walk({ size: phone, js: false }, [], async (page) => {
    await page.goto("/it/services?q=mensa");
    await page.locator(".tile-link, .row-title a").first().click();
    service = new URL(page.url()).pathname;
    await page.locator("details:has(input[name=kind]) summary").first().click();
    await page.locator("#mistake").fill("Il giovedì chiude alle 12");
    await page.locator("#reply-to").fill("chi.segnala@posta.example");
    await page.locator("form[action$='/mistake'] button").click();
    await page.waitForURL(/thanks=1/);
  });
  await walk({ size: desktop }, [], async (page) => {
    await login(page, people["network-administrator"], "/it/office/feedback");
    assert.deepEqual(await inspect(page), []);
    await page.locator("main th a").first().click();
    assert.match(await page.locator("blockquote").textContent(), /giovedì/);
    assert.ok(!(await page.content()).includes("chi.segnala"), "the address is shown");
    assert.deepEqual(await inspect(page), []);
    await page.locator("#answer").fill("Orario corretto.");
    await page.locator("#reply").fill("Grazie, abbiamo corretto l'orario.");
    await page.locator("#form .btn-primary").click();
    await page.waitForURL((url) => url.pathname === "/it/office/feedback");
    assert.equal(await page.locator(`main th a`).count(), 0, `${service}: it is still to be done`);
  });
});

test("a sheet with strange columns is mapped, applied and undone", async () => {
  await walk({ size: desktop }, [], async (page) => {
    await login(page, people["network-administrator"], "/it/office/import");
    assert.deepEqual(await inspect(page), []);
    await page.setInputFiles("#file", { name: "elenco.csv", mimeType: "text/csv", buffer: Buffer.from("Denominazione;Gestore;Tel.\nDoposcuola in prova;Ente in prova;000 1234567\n") });
    await page.locator("#dataset").fill("elenco-in-prova");
    await page.locator("#form .btn-primary").click();
    await page.waitForURL(/\/office\/import\/[0-9a-f-]+$/);
    assert.deepEqual(await inspect(page), []);
    await page.locator("#mapping-form .btn-primary").click();
    await page.locator("form[action$='/apply'] button").click();
    const undo = page.locator("a[href$='/undo']");
    await undo.waitFor();
    await undo.click();
    await page.locator("#form button").first().click();
    await page.waitForURL(/\/office\/import\/[0-9a-f-]+$/);
    assert.match(await page.locator("main").textContent(), /Annullata/);
  });
});

test("what is found in the field waits for a network", async () => {
  await walk({ size: phone }, [/ERR_INTERNET_DISCONNECTED|Failed to fetch|Failed to load resource/], async (page, context) => {
    await login(page, people.mediator, "/it/office/field/new");
    assert.deepEqual(await inspect(page), []);
    assert.deepEqual(await tooWide(page), []);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForFunction(async () => (await (await caches.open("approdo-field-page")).keys()).length > 0);
    await context.setOffline(true);
    await page.reload();
    await page.locator("#name").fill("Mensa trovata");
    await page.locator("#comune").fill("Palermo");
    await page.locator("form[data-field] button[type=submit]").click();
    await page.locator("[data-field-queue] li").waitFor();
    await page.locator("[data-field-queue] > button").click(); // "send now" loses nothing where there is no network
    await page.waitForTimeout(200);
    assert.equal(await page.locator("[data-field-queue] li").count(), 1);
    await context.setOffline(false); // and it goes by itself when there is one
    await page.locator("[data-field-queue] li").waitFor({ state: "detached" });
    await page.goto("/it/office/field");
    assert.match(await page.locator("main").textContent(), /Mensa trovata/);
  });
});
