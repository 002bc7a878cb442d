// SPDX-License-Identifier: EUPL-1.2
//
// The census as it runs: sources that fail and that disagree, sheets with mistakes, many cards at once, old
// versions; and where the seals of the log are kept.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { after } from "node:test";
import { desktop, phone } from "../lib/browser.js";
import { people, said } from "../lib/people.js";
import { inspect, tooWide } from "../lib/sweep.js";

// elsewhere keeps checkpoints, as another installation does, once it is well.
const elsewhere = { well: false, kept: [] };
let folder, keeper;

const house = people(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "approdo-e2e-seals-"));
  keeper = createServer((request, answer) => {
    let text = "";
    request.on("data", (part) => (text += part)).on("end", () => {
      if (elsewhere.well) elsewhere.kept.push(text);
      answer.writeHead(elsewhere.well ? 204 : 503).end();
    });
  });
  await new Promise((resolve) => keeper.listen(0, "127.0.0.1", resolve));
  return { more: ["--checkpoint-every", "1s", "--checkpoint-file", path.join(folder, "seals.txt"), "--checkpoint-url", `http://127.0.0.1:${keeper.address().port}/audit/checkpoints`, "--checkpoint-inside", "127.0.0.0/8"] };
});

after(async () => {
  keeper?.close();
  await rm(folder, { recursive: true, force: true });
});

// wellMade looks at the page on a phone and on a desk.
async function wellMade(page) {
  for (const size of [phone, desktop]) {
    await page.setViewportSize(size);
    assert.deepEqual(await tooWide(page), [], `${page.url()} at ${size.width}`);
  }
  assert.deepEqual(await inspect(page), [], page.url());
}

// until loads a page again until its text is as it should be.
async function until(page, pattern) {
  for (const end = Date.now() + 20_000; Date.now() < end; await page.waitForTimeout(500)) {
    await page.reload();
    if (pattern.test(await said(page))) return;
  }
  assert.fail(`${page.url()} does not come to say ${pattern}`);
}

house.walk("a place that does not take the seals of the log is seen, and tried again by itself", async () => {
  const seals = path.join(folder, "seals.txt");
  await rm(seals, { force: true });
  await mkdir(seals); // nobody writes into a folder as into a file
  const auditor = await house.as("auditor");
  await until(auditor, /sigillo del registro non arriva in 2 posti/);
  await auditor.getByRole("link", { name: /sigillo del registro/ }).click();
  await auditor.waitForURL("**/office/log/places");
  assert.match(await said(auditor), /503/);
  await wellMade(auditor);
  elsewhere.well = true;
  await rm(seals, { recursive: true });
  await until(auditor, /^(?!.*Non arriva).*Un’altra installazione/s);
  assert.doesNotMatch(await said(auditor), /Nessun sigillo lascia/);
  assert.ok(elsewhere.kept.length > 0);
  await auditor.goto("/it/office");
  assert.doesNotMatch(await said(auditor), /sigillo del registro/);
});

house.walk("a source that does not answer: how often, since when, when it is tried again", async () => {
  const admin = await house.as("network-administrator");
  await admin.goto("/it/office/datasets/edit");
  await admin.locator("#dataset").fill("fonte-muta");
  await admin.locator("#address").fill("https://localhost:9/servizi.json");
  await admin.locator("#every").selectOption("24");
  await wellMade(admin);
  await admin.locator("#form .btn-primary, .office-form .btn-primary").first().click();
  await admin.waitForURL("**/office/datasets");
  for (let tries = 1; tries <= 2; tries++) {
    await admin.goto("/it/office/datasets");
    await admin.locator("form[action$='/datasets/fetch'] button").first().click();
    await admin.waitForURL(/\/office\/import\/[0-9a-f-]+$/);
    assert.match(await said(admin), /Non riuscit/);
  }
  await wellMade(admin);
  await admin.goto("/it/office/datasets");
  assert.match(await said(admin), /Fallita 2 volte di seguito/);
  await wellMade(admin);
  await admin.goto("/it/office");
  assert.equal(await admin.locator("main a[href$='/office/datasets']").count() > 0, true, "nobody is told at home");
});

// sheet is a list of services as a body keeps its own, with columns of its own names.
const sheet = (...rows) => Buffer.from(["Codice;Denominazione;Gestore;Tel.;Comune;Giudizio", ...rows].join("\n") + "\n");

// bring takes a sheet in for the dataset, with its columns as they are guessed, and stops where one looks at
// what it would do.
async function bring(page, name, content) {
  await page.goto("/it/office/import");
  await page.setInputFiles("#file", { name: "elenco.csv", mimeType: "text/csv", buffer: content });
  await page.locator("#dataset").fill(name);
  await page.locator("#form .btn-primary").click();
  await page.waitForURL(/\/office\/import\/[0-9a-f-]+$/);
}

const mapped = (page) => page.locator("#mapping-form .btn-primary").click();
const apply = async (page) => {
  await page.locator("form[action$='/apply'] button").click();
  await page.waitForFunction(() => !document.querySelector("form[action$='/apply']"));
};

house.walk("a sheet with mistakes: which row and column, what comes of the others, all of it undone", async () => {
  const admin = await house.as("network-administrator");
  await bring(admin, "elenco-zafferano", sheet("z1;Doposcuola Zafferano;Ente Zafferano;000 1234567;Palermo;buono", "z2;Mensa Zafferano;Ente Zafferano;000 7654321;Paperopoli;da vedere"));
  await wellMade(admin);
  assert.equal(await admin.getByLabel("Che cosa diventa la colonna Denominazione").inputValue(), "Nome del servizio");
  await admin.getByLabel("Che cosa diventa la colonna Giudizio").selectOption("Condizioni");
  await mapped(admin);
  const problems = admin.locator("#problems tr", { hasText: "Errore" });
  await problems.first().waitFor();
  assert.match((await problems.allTextContents()).join(), /riga 3, colonna «Comune»/);
  assert.equal(await admin.locator("form[action$='/apply']").count(), 0, "a sheet with mistakes is taken whole");
  await admin.locator("#mapping-form input[name=partial]").check({ force: true });
  await mapped(admin);
  await admin.locator("form[action$='/apply']").waitFor();
  assert.match(await admin.locator("#sample-table").textContent(), /Doposcuola Zafferano/);
  assert.doesNotMatch(await admin.locator("#sample-table").textContent(), /Mensa Zafferano/);
  await wellMade(admin);
  await apply(admin);
  const intake = admin.url();
  await admin.goto("/it/services?q=doposcuola+zafferano");
  await until(admin, /Doposcuola Zafferano/);
  await admin.goto(intake);
  await admin.locator("a[href$='/undo']").click();
  await wellMade(admin);
  await admin.locator("#form button").first().click();
  await admin.getByText("Annullata").first().waitFor();
});

house.walk("what was changed here and in the sheet waits for a person: ours or theirs", async () => {
  const editor = await house.as("directory-editor");
  const body = (await editor.locator("header").first().textContent()).match(/(Ambulatorio|Associazione|Ufficio|Sportello|CAF|Fondazione|Parrocchia|Cooperativa)[^\n<]*Biancospino/)[0];
  await bring(editor, "elenco-conteso", sheet(`k1;Doposcuola Conteso;${body};000 1234567;Palermo;a`));
  await mapped(editor);
  await apply(editor);
  await editor.goto("/it/office/services?q=conteso");
  await editor.getByRole("link", { name: "Doposcuola Conteso" }).first().click();
  await editor.waitForURL(/services\/[0-9a-f-]{36}$/);
  const card = new URL(editor.url()).pathname;
  await editor.locator("#name").fill("Doposcuola Conteso qui");
  await editor.locator("summary", { hasText: "Lavoro" }).first().click();
  await editor.locator("input[name=needs][value=job-search]").check();
  await editor.locator("#summary").fill("Aiuta a fare i compiti.");
  await editor.locator("#part-finish ~ .form-actions button[name=do][value=publish]").click();
  await editor.getByText("La scheda è pubblica.").waitFor();
  await bring(editor, "elenco-conteso", sheet(`k1;Doposcuola Conteso altrove;${body};000 1234567;Palermo;a`));
  await mapped(editor);
  await apply(editor);
  await editor.goto("/it/office");
  await editor.locator("main a[href$='/office/conflicts']").first().click();
  await wellMade(editor);
  await editor.getByRole("link", { name: "Doposcuola Conteso qui" }).click();
  assert.match(await said(editor), /Doposcuola Conteso altrove/);
  await wellMade(editor);
  await editor.locator("input[name=keep-title][value=after]").check({ force: true });
  await editor.locator("#choose .btn-primary").click();
  await editor.waitForURL("**/office/conflicts");
  assert.doesNotMatch(await said(editor), /Conteso/);
  await editor.goto(card.replace("/office/", "/"));
  assert.match(await editor.locator("h1").textContent(), /Doposcuola Conteso altrove/);
  assert.match(await said(editor), /Cercare lavoro/, "what only somebody here wrote is gone");
});

house.walk("many cards at once, an old version again, and one for tomorrow", async () => {
  const editor = await house.as("directory-editor");
  await editor.goto("/it/office/services");
  const names = (await editor.locator("tbody th a").allTextContents()).slice(0, 2);
  for (const box of (await editor.locator("tbody input[name=id]").all()).slice(0, 2)) await box.check({ force: true });
  await editor.getByRole("button", { name: "Cambia tutti" }).click();
  await wellMade(editor);
  await editor.locator("#kind").selectOption("alert");
  await editor.locator("button[name=do][value=choose]").first().click();
  await editor.locator("#value").fill("Chiuso per lavori Zafferano.");
  await editor.locator("button[name=do][value=preview]").click();
  for (const name of names) assert.ok((await editor.locator("#plan").textContent()).includes(name));
  await wellMade(editor);
  await editor.locator("button[name=do][value=apply]").click();
  await editor.waitForURL("**/office/services");
  await editor.getByRole("link", { name: names[0] }).first().click();
  await editor.waitForURL(/services\/[0-9a-f-]{36}$/);
  const card = new URL(editor.url()).pathname;
  assert.equal(await editor.locator("#alert").inputValue(), "Chiuso per lavori Zafferano.");
  await editor.goto(`${card}/history`);
  await wellMade(editor);
  await editor.locator("form[action$='/restore'] button").last().click();
  await editor.waitForURL((url) => url.pathname === card);
  assert.equal(await editor.locator("#alert").inputValue(), "");
  const tomorrow = new Date(Date.now() + 86_400_000).toLocaleDateString("sv", { timeZone: "Europe/Rome" });
  await editor.locator("summary", { hasText: "Pubblica più tardi" }).first().click();
  await editor.locator("#publish_at").fill(`${tomorrow}T08:00`);
  await editor.locator("button[name=do][value=schedule]").click();
  await editor.getByText("08:00").first().waitFor();
  await wellMade(editor);
  assert.match(await (await editor.request.get(card.replace("/office/", "/"))).text(), /lavori Zafferano/, "the public reads it before its time");
});
