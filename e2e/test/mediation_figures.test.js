// SPDX-License-Identifier: EUPL-1.2
//
// Figures of mediation: what was asked and not met, by the filters of the address; how hours are shared; a
// mediator's own hours on a phone, also in Arabic. Everything is a table that can be read.
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

async function open(role, size, next) {
  const one = await visitor({ base, size, expected: [/422 \(Unprocessable/] });
  await login(one.page, people[role], next);
  return one;
}

async function wellMade(page, name) {
  assert.deepEqual(await tooWide(page), [], name);
  assert.deepEqual(await inspect(page), [], name);
}

test("a coordinator reads what was missing, filters it, takes it along, and sees how hours are shared", async () => {
  const { page, context, problems } = await open("mediation-coordinator", desktop, "/it/office/mediation/figures");
  try {
    await wellMade(page, "the figures");
    const asked = Number(await page.locator(".figures .figure-value").first().textContent());
    assert.ok(asked > 20, `${asked} requests`);
    assert.equal(await page.locator("#week tbody tr").count(), 7);
    assert.ok((await page.locator("#week .heat-5").count()) > 0, "nothing was missing at any hour");
    assert.match(await page.locator("#languages").textContent(), /tamil/i);

    await page.getByLabel("Lingua", { exact: true }).selectOption("ar");
    await page.locator(".filters-fields button").click();
    await page.waitForURL(/language=ar/);
    assert.equal(await page.locator("#languages tbody tr").count(), 1);
    assert.ok(Number(await page.locator(".figures .figure-value").first().textContent()) < asked);
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "CSV" }).click()]);
    assert.match(file.suggestedFilename(), /^mediazione-.*\.csv$/);

    await page.goto("/it/office/mediation/figures?from=2027-02-01&to=2027-01-01");
    assert.match(await page.locator("main").textContent(), /prima dell’inizio/);
    await wellMade(page, "a period that makes no sense");

    await page.goto("/it/office/mediation/fairness");
    assert.match(await page.locator("#mediators").textContent(), /Oksana Esempio/);
    await wellMade(page, "the shares");
    await page.setViewportSize(phone);
    await wellMade(page, "the shares on a phone");
    await page.goto("/en/office/mediation/figures");
    await wellMade(page, "the figures on a phone");
  } finally {
    await context.close();
  }
  assert.deepEqual(problems, []);
});

test("a mediator sees their own hours", async () => {
  const { page, context, problems } = await open("mediator", phone, "/it/mediation");
  try {
    await page.getByRole("link", { name: "Le mie ore" }).click();
    await page.waitForURL("**/it/mediation/figures");
    assert.ok((await page.locator("#months tbody tr").count()) >= 2);
    assert.match(await page.locator("main").textContent(), /arabo/);
    assert.doesNotMatch(await page.locator("main").textContent(), /Oksana/);
    await wellMade(page, "own hours");
    await page.goto("/ar/mediation/figures");
    assert.equal(await page.locator("html").getAttribute("dir"), "rtl");
    await wellMade(page, "own hours in Arabic");
  } finally {
    await context.close();
  }
  assert.deepEqual(problems, []);
});

test("a desk countersigns many sessions from the list: by keyboard, and without a script", async () => {
  const list = "/it/office/mediation/sessions?state=reported";
  const { page, context, problems } = await open("desk-operator", desktop, "/it/office");
  let waits, storageState;
  try {
    await page.goto(list);
    await wellMade(page, "the list with marks");
    waits = await page.locator("input[name=id]").count();
    assert.ok(waits > 4, `${waits} sessions wait`);
    await page.locator("[data-bulk-all]").press("Space");
    assert.match(await page.locator("[data-bulk-count]").textContent(), new RegExp(`${waits}$`));
    await page.locator("[data-bulk-all]").press("Space");
    for (const n of [0, 1]) await page.locator("input[name=id]").nth(n).press("Space");
    await page.locator(".table-bulk button").press("Enter");
    await page.getByText("2 interventi controfirmati.").waitFor();
    assert.equal(await page.locator("input[name=id]").count(), waits - 2);
    storageState = await context.storageState();
  } finally {
    await context.close();
  }
  assert.deepEqual(problems, []);

  const plain = await visitor({ base, js: false, size: phone, storageState });
  try {
    await plain.page.goto(list);
    await plain.page.getByRole("link", { name: "Segna tutti quelli di questa pagina" }).click();
    assert.equal(await plain.page.locator("input[name=id]:checked").count(), waits - 2);
    await plain.page.getByRole("button", { name: "Controfirma" }).click();
    assert.match(await plain.page.locator("main").textContent(), new RegExp(`${waits - 2} interventi controfirmati`));
    assert.equal(await plain.page.locator("input[name=id]").count(), 0);
  } finally {
    await plain.context.close();
  }
  assert.deepEqual(plain.problems, []);
});
