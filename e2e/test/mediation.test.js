// SPDX-License-Identifier: EUPL-1.2
//
// Mediation: a desk calls and a mediator answers on a small phone; a time is found and booked for some
// weeks; the coordinator keeps the roster and sees who was skipped; what took place is reported, countersigned
// and signed by month.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test, { after, before } from "node:test";
import { constants, inflateRawSync, inflateSync } from "node:zlib";
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

// roomToCallOff waits past the next five minutes of the clock when they are near: a call begins then, and what
// has begun is not called off any more.
async function roomToCallOff() {
  const left = 300_000 - (Date.now() % 300_000);
  if (left < 60_000) await new Promise((resolve) => setTimeout(resolve, left));
}

test("a desk calls, a mediator accepts on the telephone, the desk sees who comes", async () => {
  await roomToCallOff();
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
    await desk.page.getByText(/il primo ad accettare/).first().waitFor(); // the page of the desk looks by itself
    assert.match(await main(desk.page), /Farida Esempio[\s\S]*il primo ad accettare/);
    await wellMade(desk.page, "the request that is booked");

    await mediator.page.goto("/ar/mediation");
    assert.equal(await mediator.page.locator("html").getAttribute("dir"), "rtl");
    await wellMade(mediator.page, "the mediator's page in Arabic");

    // Called off when somebody is already held: a share is owed, and stands on the timesheet below.
    await desk.page.getByText("Disdici", { exact: true }).click();
    await desk.page.getByRole("button", { name: "Disdici la richiesta" }).click();
    await desk.page.getByText("Disdetto dallo sportello, tardi").first().waitFor();
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
    await page.getByLabel("Quanti incontri").fill("3");
    await page.getByRole("button", { name: "Trova un orario" }).click();
    await wellMade(page, "the free times");
    await page.locator(".choices button").first().click();
    await page.waitForURL("**/it/office/mediation/requests");
    assert.match(await page.locator("body").textContent(), /Prenotati 3 incontri/);
    await page.goto("/it/office/mediation/requests?language=uk"); // three weeks are more than a page of the demo
    assert.equal(await page.getByRole("row", { name: /Oksana Esempio.*B-2/ }).count(), 3);
    await wellMade(page, "the requests");
    await page.getByRole("row", { name: /Oksana Esempio.*B-2/ }).first().getByRole("link").click();
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

test("on call from the request to the signed timesheet, three browsers at once", async () => {
  const mediator = await open("mediator", phone, "/it/mediation", { expected: [/422 \(Unprocessable/], acceptDownloads: true });
  const desk = await open("desk-operator", desktop, "/it/office/mediation/call", { expected: [/422 \(Unprocessable/] });
  const coordinator = await open("mediation-coordinator", desktop, "/it/office/mediation/timesheets", { acceptDownloads: true });
  const month = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Rome" }).format(new Date()).slice(0, 7);
  try {
    await wellMade(coordinator.page, "timesheets before anything took place");
    await mediator.page.getByRole("button", { name: "Per un'ora" }).click();
    await desk.page.getByLabel("Lingua").selectOption("ar");
    await desk.page.getByLabel("Al telefono").check();
    await desk.page.getByLabel(/Codice della persona/).fill("C-3");
    await desk.page.getByRole("button", { name: "Chiama", exact: true }).click();
    await desk.page.waitForURL(/requests\/[0-9a-f-]{36}$/);
    const request = new URL(desk.page.url()).pathname;
    await mediator.page.goto("/it/mediation");
    await mediator.page.getByRole("button", { name: "Accetto" }).first().click();
    await mediator.page.waitForURL("**/it/mediation");

    // The page of the desk has seen who comes. It shows a code, the mediator comes with it.
    await desk.page.getByRole("button", { name: "Nuovo codice" }).click();
    const code = await desk.page.locator("[data-code]").textContent();
    await wellMade(desk.page, "the code");
    await mediator.page.goto("/it/mediation/work");
    await wellMade(mediator.page, "what is to be reported");
    await mediator.page.locator("section[aria-labelledby=due-title] a").first().click();
    await mediator.page.getByLabel("Codice dello sportello").fill("12");
    await mediator.page.getByRole("button", { name: "Sono arrivato" }).click();
    assert.match(await main(mediator.page), /Il codice non è giusto/);
    await wellMade(mediator.page, "a wrong code");
    await mediator.page.getByLabel("Codice dello sportello").fill(code);
    await mediator.page.getByRole("button", { name: "Sono arrivato" }).click();
    await mediator.page.getByText(/Presente da/).waitFor();
    await mediator.page.getByRole("button", { name: "Ho finito" }).click();

    // What was done, with a receipt.
    await mediator.page.getByRole("button", { name: "Invia" }).first().click();
    assert.match(await main(mediator.page), /scegli almeno una voce/);
    await wellMade(mediator.page, "the report with a mistake");
    const began = await mediator.page.locator("#began").inputValue();
    await mediator.page.locator("#ended").fill(new Date(Date.parse(`${began}Z`) + 240_000).toISOString().slice(0, 16));
    await mediator.page.getByLabel("Interpretariato").check();
    await mediator.page.getByLabel("Salute", { exact: true }).check();
    await mediator.page.getByText("Spese", { exact: true }).click();
    await mediator.page.locator("[name='kind.0']").selectOption("bus");
    await mediator.page.locator("[name='euros.0']").fill("1,70");
    await mediator.page.locator("[name='receipt.0']").setInputFiles({ name: "biglietto.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\n%%EOF\n") });
    await mediator.page.getByRole("button", { name: "Invia" }).first().click();
    await mediator.page.getByText("Aspetta la controfirma").first().waitFor();
    assert.match(await main(mediator.page), /con il codice dello sportello/);
    const own = new URL(mediator.page.url()).pathname;
    await mediator.page.goto(own.replace("/it/", "/ar/"));
    await wellMade(mediator.page, "the session in Arabic");

    // The desk countersigns.
    await desk.page.goto(request);
    await wellMade(desk.page, "the request with its session");
    await desk.page.getByRole("link", { name: "Apri l'intervento" }).click();
    assert.match(await main(desk.page), /Interpretariato[\s\S]*ricevuta 1/);
    await desk.page.getByText("Non è andata così").click();
    await wellMade(desk.page, "the session");
    await desk.page.getByRole("button", { name: "Controfirma" }).click();
    await desk.page.getByText("Controfirmato").first().waitFor();

    // Two signatures.
    await mediator.page.goto(`/it/mediation/months/${month}`);
    await wellMade(mediator.page, "the month");
    await mediator.page.getByRole("button", { name: "Firma", exact: true }).click();
    await mediator.page.getByText("Impronta").waitFor();
    await coordinator.page.goto(`/it/office/mediation/timesheets?month=${month}`);
    await wellMade(coordinator.page, "timesheets");
    await coordinator.page.getByRole("link", { name: "Farida Esempio" }).click();
    await coordinator.page.getByRole("button", { name: "Firma", exact: true }).click();
    await coordinator.page.getByText("Sigillo").waitFor();
    await wellMade(coordinator.page, "the signed timesheet");

    // What was signed is what is printed.
    const hash = (await main(coordinator.page)).match(/[0-9a-f]{64}/)[0];
    const paper = pdfText(await download(coordinator.page, "PDF"));
    for (const part of ["Foglio ore di mediazione", "Farida Esempio", "Svolto", "Disdetto tardi", hash, "Firma di chi coordina", "pagina 1/1"]) assert.ok(paper.includes(part), `${part} is not on paper: ${paper}`);
    assert.ok(!paper.includes("C-3"), "the code of the person is on paper");
    const sheet = xlsxText(await download(coordinator.page, "XLSX"));
    assert.match(sheet, /Svolto: Interpretariato[\s\S]*<v>1\.7<\/v>/);
    assert.ok(sheet.includes(hash));
    assert.ok(pdfText(await download(mediator.page, "Scarica il PDF", `/it/mediation/months/${month}`)).includes(hash));
    for (const path of ["/it/office/mediation/sessions", "/it/office/mediation/budgets", "/en/office/mediation/sessions"]) {
      await coordinator.page.goto(path);
      await wellMade(coordinator.page, path);
    }
  } finally {
    for (const one of [mediator, desk, coordinator]) await one.context.close();
  }
  assert.deepEqual([...mediator.problems, ...desk.problems, ...coordinator.problems], []);
});

// download follows a link to a file, and gives what is in it.
async function download(page, name, from) {
  if (from) await page.goto(from);
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name, exact: true }).click()]);
  return readFile(await file.path());
}

// pdfText is the text of a PDF whose strings are UTF-16, as its fonts ask for.
function pdfText(pdf) {
  const parts = [];
  for (let at = pdf.indexOf("stream\n"); at >= 0; at = pdf.indexOf("stream\n", at + 1)) {
    if (pdf.subarray(at - 3, at).toString() === "end") continue;
    let content;
    try {
      content = inflateSync(pdf.subarray(at + 7, pdf.indexOf("endstream", at)), { finishFlush: constants.Z_SYNC_FLUSH });
    } catch {
      continue; // a font or what is not compressed
    }
    const text = content.toString("latin1");
    for (const [, raw] of text.matchAll(/\(((?:\\.|[^\\()])*)\)\s*Tj/gs)) {
      const bytes = raw.replace(/\\([nrtbf()\\])/gs, (_, c) => ({ n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" })[c] ?? c);
      parts.push(Buffer.from(bytes, "latin1").swap16().toString("utf16le"));
    }
  }
  return parts.join(" ");
}

// xlsxText is every part of a workbook that is text: a zip whose files are deflated.
function xlsxText(zip) {
  let text = "";
  for (let at = zip.indexOf("PK\x01\x02", 0, "latin1"); at >= 0; at = zip.indexOf("PK\x01\x02", at + 1, "latin1")) { // the directory at the end
    const [packed, size, local] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 42)];
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(from, from + size);
    text += (packed ? inflateRawSync(content) : content).toString();
  }
  return text;
}
