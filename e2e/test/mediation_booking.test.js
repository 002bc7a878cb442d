// SPDX-License-Identifier: EUPL-1.2
//
// Booking a mediator: a call that watches itself, another time that a mediator proposes, a request that
// waits, a series, and the agenda of today without a network.
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
const shots = process.env.SHOTS;
const picture = (page, name) => shots && page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });

async function open(role, size, next, more = {}) {
  const one = await visitor({ base, size, ...more });
  await login(one.page, people[role], next);
  return one;
}

async function wellMade(page, name) {
  await picture(page, name.replace(/\W+/g, "-"));
  assert.deepEqual(await tooWide(page), [], name);
  assert.deepEqual(await inspect(page), [], name);
}

// call asks for somebody now, and gives the address of the request.
async function call(page, code) {
  await page.goto("/it/office/mediation/call");
  await page.getByLabel("Lingua").selectOption("ar");
  await page.getByLabel(/Codice della persona/).fill(code);
  await page.getByRole("button", { name: "Chiama", exact: true }).click();
  await page.waitForURL(/requests\/[0-9a-f-]{36}$/);
  return page.url();
}

// inMinutes is a time on five minutes as a field of a form takes it, in Italy.
function inMinutes(n) {
  const at = new Date(Math.ceil((Date.now() + n * 60_000) / 300_000) * 300_000);
  return new Intl.DateTimeFormat("sv", { timeZone: "Europe/Rome", dateStyle: "short", timeStyle: "short" }).format(at).replace(" ", "T");
}

test("a call watches itself, and a mediator proposes another time that the desk accepts", async () => {
  const mediator = await open("mediator", phone, "/it/mediation", { expected: [/422 \(Unprocessable/] });
  const desk = await open("desk-operator", desktop, "/it/office/mediation/call");
  try {
    await mediator.page.getByRole("button", { name: "Per 4 ore" }).click();
    await mediator.page.waitForURL("**/it/mediation");
    await call(desk.page, "L-1");
    assert.match(await main(desk.page), /Ondata \d\. Chiamati: \d/);
    assert.equal(await desk.page.locator(".live .steps li[aria-current=step]").count(), 1, "where the chain stands");
    await wellMade(desk.page, "a call that waits");

    await mediator.page.goto("/it/mediation");
    await mediator.page.getByText("Propongo un altro orario").first().click();
    const form = mediator.page.locator("form", { has: mediator.page.getByRole("button", { name: "Proponi" }) }).first();
    await form.getByLabel("Nuovo inizio").fill("2020-01-01T10:00");
    await form.getByRole("button", { name: "Proponi" }).click();
    assert.match(await main(mediator.page), /Scegli un orario futuro/);
    await wellMade(mediator.page, "a proposal with a mistake");
    await form.getByLabel("Nuovo inizio").fill(inMinutes(60));
    await form.getByRole("button", { name: "Proponi" }).click();
    await mediator.page.getByText(/Proposta inviata/).waitFor();

    // The page of the desk finds out by itself.
    await desk.page.locator("[data-part=proposed]", { hasText: "propone un altro orario" }).or(desk.page.getByRole("button", { name: "Accetta" })).first().waitFor({ timeout: 20_000 });
    await desk.page.reload();
    await wellMade(desk.page, "a time that was proposed");
    await desk.page.getByRole("button", { name: "Accetta" }).click();
    await desk.page.getByText(/Accettato: il mediatore è avvisato/).waitFor();
    assert.match(await main(desk.page), /Farida Esempio[\s\S]*ha proposto lui questo orario/);

    await mediator.page.goto("/it/mediation");
    assert.match(await main(mediator.page), /Confermato/);
    await call(desk.page, "L-2");
    await desk.page.locator(".live").waitFor();
    await desk.page.getByText("Disdici", { exact: true }).click();
    await desk.page.getByRole("button", { name: "Disdici la richiesta" }).click();
    await desk.page.getByText(/Disdetta: i mediatori sono avvisati/).waitFor();
    assert.equal(await desk.page.locator("[data-watch]").count(), 0, "what is settled is watched no more");
  } finally {
    await mediator.context.close();
    await desk.context.close();
  }
  assert.deepEqual([...mediator.problems, ...desk.problems], []);
});

test("a series is offered where it is free, by name; what nobody can meet waits", async () => {
  const one = await open("desk-operator", desktop, "/it/office/mediation/book");
  const { page } = one;
  try {
    await page.getByLabel("Lingua").selectOption("ar");
    await page.getByLabel("Comune", { exact: true }).fill("Palermo");
    await page.getByLabel(/Codice della persona/).fill("S-9");
    await page.getByLabel("Quanti incontri").fill("2");
    await page.getByLabel("Ogni quanto").selectOption("14");
    await page.getByRole("button", { name: "Trova un orario" }).click();
    await page.getByLabel("Proprio questo mediatore").selectOption({ label: "Amal Esempio" });
    await page.getByRole("button", { name: "Trova un orario" }).click();
    assert.match(await page.locator(".choices li").first().textContent(), /Amal Esempio/);
    await wellMade(page, "a series by name");
    await page.locator(".choices button").first().click();
    await page.waitForURL("**/it/office/mediation/requests");
    await page.goto("/it/office/mediation/requests?language=ar"); // what the demo asks for besides fills a page
    assert.equal(await page.getByRole("row", { name: /Amal Esempio.*S-9/ }).count(), 2);

    await page.goto("/it/office/mediation/book");
    await page.getByLabel("Lingua").selectOption("ti");
    await page.locator("#mode-video, [name=mode][value=video]").first().check();
    await page.getByLabel(/Codice della persona/).fill("S-10");
    await page.getByRole("button", { name: "Trova un orario" }).click();
    const wish = page.locator("details", { hasText: "Nessun orario va bene?" });
    if (!(await wish.evaluate((d) => d.open))) await wish.locator("summary").click();
    const far = inMinutes(3 * 24 * 60).slice(0, 10) + "T03:00"; // at night nobody works
    await page.getByLabel("Giorno e ora").fill(far);
    await page.getByRole("button", { name: "Prenota o aspetta" }).click();
    await page.getByText(/In lista d'attesa: ti avvisiamo/).waitFor();
    assert.match(await main(page), /Nessuno è libero: riproviamo/);
    await wellMade(page, "a request that waits for somebody");
    await page.goto("/it/office/mediation/requests?state=waits");
    assert.equal(await page.getByRole("row", { name: /S-10/ }).count(), 1);
  } finally {
    await one.context.close();
  }
  assert.deepEqual(one.problems, []);
});

test("the agenda of today opens without a network, once its owner asked for it", async () => {
  const one = await open("mediator", phone, "/it/mediation", { serviceWorkers: "allow", expected: [/ERR_INTERNET_DISCONNECTED/] });
  const { page, context } = one;
  try {
    await page.getByRole("button", { name: "Tieni l'agenda di oggi" }).click();
    await page.getByText(/Salvata: si apre anche senza rete/).waitFor();
    await wellMade(page, "the page of a mediator who keeps the agenda");
    await page.evaluate(() => navigator.serviceWorker.getRegistration("/it/mediation").then((r) => new Promise((done) => (r.active ? done() : (r.installing ?? r.waiting).addEventListener("statechange", (e) => e.target.state === "activated" && done())))));
    await context.setOffline(true);
    await page.goto("/it/mediation");
    assert.match(await main(page), /L'agenda di oggi e domani/);
    assert.doesNotMatch(await page.content(), /L-1|S-9/, "a code is on the phone");
    await picture(page, "offline");
    await context.setOffline(false);
    await page.goto("/it/login");
    await page.waitForFunction(() => caches.has("approdo-agenda").then((there) => !there));
  } finally {
    await context.close();
  }
  assert.deepEqual(one.problems, []);
});
