// SPDX-License-Identifier: EUPL-1.2
//
// Requests that a desk leaves to the plan: the coordinator sees what is gained by sharing them out together, takes
// a plan that has changed meanwhile, is told so, and takes the new one. On both engines.
import assert from "node:assert/strict";
import test, { after } from "node:test";
import { examples, local, login } from "../lib/account.js";
import { closeBrowser, desktop, phone, visitor } from "../lib/browser.js";
import { database, start } from "../lib/server.js";
import { inspect, tooWide } from "../lib/sweep.js";

const shots = process.env.SHOTS;
const main = (page) => page.locator("main").textContent();

// A working day after those in which the demo has bookings.
const day = (() => {
  const at = new Date(Date.now() + 16 * 86_400_000);
  while ([0, 6].includes(at.getUTCDay()) || /-(12-08|12-2[4-9]|12-3\d|01-0[1-6]|04-25|05-01|06-02|08-15|11-01)$/.test(at.toISOString().slice(0, 10))) at.setUTCDate(at.getUTCDate() + 1);
  return at.toISOString().slice(0, 10);
})();
const plan = `/it/office/mediation/plan?from=${day}&to=${day}`;

after(closeBrowser);

async function wellMade(page, name) {
  if (shots) await page.screenshot({ path: `${shots}/${name.replace(/\W+/g, "-")}.png`, fullPage: true });
  assert.deepEqual(await tooWide(page), [], name);
  assert.deepEqual(await inspect(page), [], name);
}

// wish fills the form for an hour by telephone, up to the hour that is wished for.
async function wish(page, { language = "ar", code, hour, skill, named, prefer }) {
  await page.goto("/it/office/mediation/book");
  await page.getByLabel("Lingua").selectOption(language);
  await page.locator("[name=mode][value=phone]").check();
  await page.getByLabel(/Codice della persona/).fill(code);
  if (skill) {
    await page.locator(`[name=skills][value=${skill}]`).evaluate((e) => { for (let d = e.closest("details"); d; d = d.parentElement.closest("details")) d.open = true; });
    await page.locator(`[name=skills][value=${skill}]`).check();
  }
  await page.getByRole("button", { name: "Trova un orario" }).click();
  for (const [label, name] of [["Proprio questo mediatore", named], ["Preferito, se può", prefer]]) {
    if (!name) continue;
    await page.getByLabel(label).selectOption({ label: name });
    await page.getByRole("button", { name: "Trova un orario" }).click();
  }
  const other = page.locator("details", { hasText: "Nessun orario va bene?" });
  if (!(await other.evaluate((d) => d.open))) await other.locator("summary").click();
  await page.getByLabel("Giorno e ora").fill(`${day}T${hour}`);
}

// leave leaves it to the plan.
async function leave(page, what) {
  await wish(page, what);
  await page.getByRole("button", { name: "Lascia al piano" }).click();
  await page.getByText("Lasciata al piano: ti diremo chi viene.").waitFor();
  assert.match(await main(page), /Chi coordina la distribuisce insieme alle altre/);
  return page.url();
}

async function journey(server) {
  const people = await examples(server);
  const open = async (role, size, next, more) => {
    const one = await visitor({ base: local(server.origin), size, ...more });
    await login(one.page, people[role], next);
    return one;
  };
  const desk = await open("desk-operator", desktop, "/it/office");
  const coordinator = await open("mediation-coordinator", desktop, "/it/office", { expected: [/409 \(Conflict/] });
  try {
    // One by one, the first takes the only mediator who can meet the second.
    const first = await leave(desk.page, { code: "P-1", hour: "10:00", prefer: "Farida Esempio" });
    await leave(desk.page, { code: "P-2", hour: "10:00", skill: "minors" });
    await leave(desk.page, { code: "P-3", hour: "15:00" });
    await leave(desk.page, { code: "P-4", hour: "11:00", language: "ta" });

    const { page } = coordinator;
    await page.goto("/it/office");
    assert.match(await main(page), /aspettano il piano/);
    await page.goto(plan);
    assert.match(await page.locator("#gain").textContent(), /una richiesta in più è coperta/);
    const compared = page.locator("#compared");
    assert.match(await compared.getByRole("row", { name: /Richieste coperte/ }).textContent(), /2 su 4\s*3 su 4/);
    for (const what of [/Punti di una scelta in media/, /In viaggio, minuti/, /Costo, euro/]) assert.equal(await compared.getByRole("row", { name: what }).count(), 1, `${what}`);
    const row = (hour) => page.locator("#choices tbody tr", { hasText: `${hour}–` });
    assert.equal(await row("10:00").filter({ hasText: /Farida Esempio/ }).count(), 2);
    assert.match(await row("11:00").textContent(), /Nessuno[\s\S]*nessuno può a quell'ora/);
    assert.match(await row("15:00").textContent(), /livello di lingua/);
    await wellMade(page, "plan on a desktop");
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.getByRole("button", { name: "Prenota questo piano" }).isVisible(), false, "a button on paper");
    assert.equal(await page.locator("#choices").isVisible(), true);
    await wellMade(page, "plan on paper");
    await page.emulateMedia({ media: "screen" });
    await page.setViewportSize(phone);
    await wellMade(page, "plan on a phone");
    await page.setViewportSize(desktop);

    // Meanwhile somebody is faster.
    await wish(desk.page, { code: "P-5", hour: "10:00", named: "Farida Esempio" });
    await desk.page.getByRole("button", { name: "Prenota o aspetta" }).click();
    await desk.page.getByText(/^(Prenotata|Prenotato)/).first().waitFor();
    await page.getByRole("button", { name: "Prenota questo piano" }).click();
    await page.getByText(/Nel frattempo qualcosa è cambiato/).waitFor();
    assert.match(await page.locator(".notice").first().textContent(), /10:00[\s\S]*Farida Esempio: [^\n]*impegnato o in viaggio/);
    assert.equal(await page.locator("#choices tbody tr").count(), 4, "nothing is lost, and nothing was booked");
    await wellMade(page, "a plan that has changed meanwhile");

    await page.getByRole("button", { name: /Prenota (questo|il) piano/ }).first().click();
    await page.getByText(/2 mediatori prenotati e avvisati/).waitFor();
    assert.equal(await page.locator("#choices tbody tr").count(), 2, "what nobody can meet is left");
    await wellMade(page, "what is left of a plan");

    await desk.page.goto(new URL(first).pathname);
    assert.match(await main(desk.page), /Esempio[\s\S]*Perché:[\s\S]*livello di lingua/);
    assert.doesNotMatch(await main(desk.page), /In lista d'attesa/);
    await desk.page.goto("/it/office/notices");
    assert.match(await main(desk.page), /Mediatore trovato/);
  } finally {
    await desk.context.close();
    await coordinator.context.close();
  }
  assert.deepEqual([...desk.problems, ...coordinator.problems], []);
}

test("a plan is compared, taken too late, and taken again: SQLite", async () => {
  const server = await start();
  try {
    await journey(server);
  } finally {
    await server.stop();
  }
});

test("a plan is compared, taken too late, and taken again: PostgreSQL", async () => {
  const store = await database();
  try {
    const server = await start({ database: store.url });
    try {
      await journey(server);
    } finally {
      await server.stop();
    }
  } finally {
    await store.drop();
  }
});
