// SPDX-License-Identifier: EUPL-1.2
//
// Mediation: a desk calls and a mediator answers on a small phone; a time is found and booked for some
// weeks; the coordinator keeps the roster and sees who was skipped.
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

const main = (page) => page.locator("main").textContent();

// open is a browser of somebody who has logged in.
async function open(role, size, next, more = {}) {
  const one = await visitor({ base, size, ...more });
  await login(one.page, people[role], next);
  return one;
}

async function wellMade(page, name) {
  assert.deepEqual(await tooWide(page), [], name);
  assert.deepEqual(await inspect(page), [], name);
}

test("a desk calls, a mediator accepts on the telephone, the desk sees who comes", async () => {
  const mediator = await open("mediator", phone, "/it/mediation");
  const desk = await open("desk-operator", desktop, "/it/office/mediation/call", { expected: [/422 \(Unprocessable/] });
  try {
    await mediator.page.getByRole("button", { name: "Per un'ora" }).click();
    assert.match(await main(mediator.page), /Puoi essere chiamato fino/);
    await wellMade(mediator.page, "the mediator's page");

    await desk.page.getByLabel("Lingua").selectOption("ar");
    await desk.page.getByLabel(/Codice della persona/).fill("Amina Rossi");
    await desk.page.getByRole("button", { name: "Chiama", exact: true }).click();
    assert.match(await main(desk.page), /mai un nome/, "a name is no code");
    assert.equal(await desk.page.getByLabel(/Codice della persona/).inputValue(), "Amina Rossi");
    await wellMade(desk.page, "the form with a mistake");
    await desk.page.getByLabel(/Codice della persona/).fill("A-17");
    await desk.page.getByRole("button", { name: "Chiama", exact: true }).click();
    await desk.page.waitForURL(/requests\/[0-9a-f-]{36}$/);
    assert.match(await main(desk.page), /Aspettiamo la risposta/);
    await wellMade(desk.page, "the request that waits");

    await mediator.page.goto("/it/mediation");
    assert.doesNotMatch(await main(mediator.page), /A-17/, "the list tells the code");
    await mediator.page.getByRole("button", { name: "Accetto" }).click();
    await mediator.page.waitForURL("**/it/mediation");
    assert.match(await main(mediator.page), /Confermato/);
    await desk.page.reload();
    assert.match(await main(desk.page), /Farida Esempio[\s\S]*il primo ad accettare/);
    await wellMade(desk.page, "the request that is booked");

    await mediator.page.goto("/ar/mediation");
    assert.equal(await mediator.page.locator("html").getAttribute("dir"), "rtl");
    await wellMade(mediator.page, "the mediator's page in Arabic");
  } finally {
    await mediator.context.close();
    await desk.context.close();
  }
  assert.deepEqual([...mediator.problems, ...desk.problems], []);
});

test("a time is found and booked for three weeks; the coordinator sees why", async () => {
  const one = await open("mediation-coordinator", desktop, "/it/office/mediation/book");
  const { page } = one;
  try {
    await page.getByLabel("Lingua").selectOption("uk");
    await page.getByLabel("Comune", { exact: true }).fill("Palermo");
    await page.getByLabel(/Codice della persona/).fill("B-2");
    await page.getByLabel("Quante settimane").fill("3");
    await page.getByRole("button", { name: "Trova un orario" }).click();
    await wellMade(page, "the free times");
    await page.locator(".choices button").first().click();
    await page.waitForURL("**/it/office/mediation/requests");
    assert.match(await page.locator("body").textContent(), /Prenotati 3 incontri/);
    assert.equal(await page.getByRole("cell", { name: "Oksana Esempio" }).count(), 3);
    await wellMade(page, "the requests");
    await page.getByRole("row", { name: /Oksana Esempio/ }).first().getByRole("link").click();
    assert.match(await main(page), /Oksana Esempio[\s\S]*continuità|Oksana Esempio[\s\S]*equità/);
    assert.match(await main(page), /Chi altro poteva venire/);
    await page.getByText("Disdici", { exact: true }).click();
    await page.getByRole("button", { name: "Disdici la richiesta" }).click();
    assert.match(await page.locator("body").textContent(), /Disdetta: i mediatori sono avvisati/);

    await page.goto("/it/office/mediation/roster/new");
    await page.getByLabel("Nome").fill("Prova Esempio");
    await page.getByRole("button", { name: "Salva la scheda" }).click();
    assert.match(await main(page), /Indica almeno una lingua/);
    await page.locator("[name='language.0']").selectOption("ro");
    await page.getByLabel("Comune da cui parte").fill("Cesena");
    await page.locator("[name='rate.phone']").fill("22,50");
    await page.getByRole("button", { name: "Salva la scheda" }).click();
    await page.waitForURL(/roster\/[0-9a-f-]{36}$/);
    assert.match(await main(page), /rumeno|romeno/);
    assert.match(await main(page), /22\.50 €/);
    await wellMade(page, "the new entry");
    for (const path of ["/it/office/mediation/roster", "/it/office/mediation/rules", "/en/office/mediation/roster"]) {
      await page.goto(path);
      await wellMade(page, path);
    }
    await page.getByRole("link", { name: "Prova Esempio" }).click();
  } finally {
    await one.context.close();
  }
  assert.deepEqual(one.problems.filter((text) => !/422/.test(text)), []);
});
