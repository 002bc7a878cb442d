// SPDX-License-Identifier: EUPL-1.2
//
// The roster: somebody applies in Arabic on a phone, is judged by two, listed, published, suspended, appeals and
// is back; a list that an office kept by hand is taken in; a neighbouring desk sees who is in the office today.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test, { after, before } from "node:test";
import { closeBrowser, desktop, phone, visitor } from "../lib/browser.js";
import { examples, joined, letter, local, login } from "../lib/account.js";
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

async function wellMade(page, name) {
  assert.deepEqual(await tooWide(page), [], name);
  assert.deepEqual(await inspect(page), [], name);
}

// day is a day from today on, as fields of days want it.
const day = (n) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10);

const close = async (...list) => {
  for (const one of list) {
    await one.context.close();
    assert.deepEqual(one.problems, []);
  }
};

const paper = { name: "شهادة.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\n%%EOF\n") };

test("from an application on a phone in Arabic to the list, and back after an appeal", async () => {
  const first = await visitor({ base, size: desktop });
  const second = await visitor({ base, size: desktop });
  const her = await visitor({ base, size: phone, language: "ar", expected: [/422 \(Unprocessable/] });
  const plain = await visitor({ base, size: phone, language: "ar", js: false, expected: [/422 \(Unprocessable/] });
  try {
    await login(first.page, people["mediation-coordinator"], "/it/office/mediation/windows");
    await first.page.getByRole("link", { name: "Apri un periodo" }).click();
    await first.page.getByLabel(/Titolo dell'avviso/).fill("Avviso di prova");
    await first.page.locator("#from").fill(day(-1));
    await first.page.locator("#until").fill(day(20));
    await first.page.getByLabel(/Testo per chi legge/).fill("Chi conosce due lingue e ha lavorato in un servizio.");
    await first.page.locator("[name='criterion.0']").fill("Lingue");
    await first.page.locator("[name='most.0']").fill("10");
    await first.page.locator("#pass").fill("6");
    await first.page.locator("#years").fill("2");
    await wellMade(first.page, "the form of a window");
    await first.page.getByRole("button", { name: "Salva" }).click();
    assert.match(await main(first.page), /Avviso di prova/);

    await her.page.goto("/ar/mediators");
    await wellMade(her.page, "the public page");
    await her.page.getByRole("link", { name: "قدّم طلبك" }).first().click(); // the one that ends first; the demo has another
    await her.page.getByRole("button", { name: "إرسال" }).click();
    assert.match(await main(her.page), /اكتب اسمك/, "what is missing is said");
    await wellMade(her.page, "the form with mistakes");
    await plain.page.goto(her.page.url());
    await plain.page.locator("#name").fill("Senza Script");
    await plain.page.getByRole("button", { name: "إرسال" }).click();
    assert.equal(await plain.page.locator("#name").inputValue(), "Senza Script", "without a script, too, nothing that was typed is lost");
    assert.match(await main(plain.page), /اكتب عنوان بريد/);
    await her.page.locator("#name").fill("Samira Prova");
    await her.page.locator("#mail").fill("samira@prova.example");
    await her.page.locator("[name='language.0']").selectOption("ar");
    await her.page.locator("[name='level.0']").selectOption("native");
    await her.page.locator("#comune").fill("Palermo");
    await her.page.locator("#experience").fill("عشر سنوات في المستشفى");
    await her.page.getByLabel("اسمي").check();
    await her.page.locator("[name=paper0]").setInputFiles(paper);
    await her.page.locator("[name='kind.paper0']").selectOption("evidence");
    await her.page.getByLabel("قرأت كيف تستخدمون بياناتي").check();
    await her.page.getByRole("button", { name: "إرسال" }).click();
    await her.page.waitForURL(/\/ar\/mediators\/sent$/);
    await wellMade(her.page, "the thanks");

    const link = new URL(await letter(server, "samira@prova.example", /https?:\/\/\S+\/mediators\/follow\/[\w-]{43}/)).pathname;
    assert.match(link, /^\/ar\//, "the letter is in her language");
    await her.page.goto(link);
    await her.page.getByRole("button", { name: "أؤكد عنواني" }).click();
    assert.match(await main(her.page), /تم تأكيد العنوان/);
    await wellMade(her.page, "the page behind the link");

    await first.page.goto("/it/office/mediation/applicants");
    await wellMade(first.page, "the applications");
    await first.page.getByRole("link", { name: "Samira Prova" }).click();
    assert.match(await main(first.page), /عشر سنوات في المستشفى/);
    const [download] = await Promise.all([first.page.waitForEvent("download"), first.page.getByRole("link", { name: /Attestato/ }).click()]);
    assert.equal((await readFile(await download.path())).subarray(0, 5).toString(), "%PDF-");
    await first.page.locator("[name='points.0']").fill("8");
    await first.page.getByRole("button", { name: "Registra i punti" }).click();
    await joined(second.page, server, people["mediation-coordinator"].Member, "mediation-coordinator");
    await second.page.goto(first.page.url());
    assert.doesNotMatch(await main(second.page), /8 punti/, "what the other gave is not seen before");
    await second.page.locator("[name='points.0']").fill("9");
    await second.page.getByRole("button", { name: "Registra i punti" }).click();
    assert.match(await main(second.page), /8 punti su 10/);
    await second.page.getByLabel("Iscrivi in elenco").check();
    await second.page.getByLabel("Numero dell'atto").fill("14/2026");
    await wellMade(second.page, "the file of an applicant");
    await second.page.getByRole("button", { name: "Registra la decisione" }).click();
    assert.match(await main(second.page), /iscrizione in elenco/);

    await first.page.goto("/it/office/mediation/publication");
    await first.page.getByLabel("Pubblica l'elenco").check();
    await first.page.locator("#rule").fill("Delibera di prova n. 1");
    await wellMade(first.page, "the form of the publication");
    await first.page.getByRole("button", { name: "Salva" }).click();
    await her.page.goto("/ar/mediators");
    assert.match(await main(her.page), /Samira Prova/);
    await wellMade(her.page, "the public list");
    const open = await (await her.context.request.get("/mediators.json")).json();
    assert.deepEqual(open.mediators.map((m) => [m.name, m.languages, m.act, m.rule]), [["Samira Prova", ["ar"], "14/2026", "Delibera di prova n. 1"]]);
    assert.match(await (await her.context.request.get("/mediators.csv")).text(), /Samira Prova;;mediator;ar;14\/2026/);

    await second.page.getByLabel("Sospendi").check();
    await second.page.getByLabel("Fino al").fill(day(60));
    await second.page.getByLabel("Motivo").fill("Due assenze");
    await second.page.getByRole("button", { name: "Registra la decisione" }).click();
    await her.page.goto(link);
    assert.match(await main(her.page), /Due assenze/);
    await wellMade(her.page, "a suspension as she sees it");
    await her.page.locator("#reason").fill("كنت في المستشفى");
    await her.page.getByRole("button", { name: "إرسال التظلّم" }).click();
    assert.match(await main(her.page), /استُلم التظلّم/);
    await her.page.goto("/ar/mediators");
    assert.doesNotMatch(await main(her.page), /Samira Prova/, "who is suspended is not published");

    await first.page.goto("/it/office");
    assert.match(await main(first.page), /1 ricorso da decidere/);
    await second.page.reload();
    await second.page.getByLabel("Accogli il ricorso").check();
    await second.page.getByLabel("Motivo").fill("Assenza documentata");
    await second.page.getByRole("button", { name: "Registra la decisione" }).click();
    await her.page.goto(link);
    assert.match(await main(her.page), /قُبل التظلّم/);
    await her.page.goto("/ar/mediators");
    assert.match(await main(her.page), /Samira Prova/);
  } finally {
    await close(first, second, her, plain);
  }
});

test("a list that an office kept by hand is looked at, mended, applied and undone", async () => {
  const keeper = await visitor({ base, size: desktop, expected: [/422 \(Unprocessable/] });
  const page = keeper.page;
  try {
    await login(page, people["mediation-coordinator"], "/it/office/mediation/imports");
    await page.locator("#file").setInputFiles(new URL("data/roster.xlsx", import.meta.url).pathname);
    await wellMade(page, "the form of an import");
    await page.getByRole("button", { name: "Guarda il file" }).click();
    await page.waitForURL(/imports\/[0-9a-f-]{36}$/);
    const seen = await main(page);
    assert.match(seen, /Non conosciamo la lingua «klingon»/);
    assert.match(seen, /tigrino Lingua madre, amarico B2/);
    assert.equal(await page.getByRole("button", { name: "Applica all'elenco" }).count(), 0, "nothing wrong is applied in silence");
    await wellMade(page, "an import that was looked at");
    await page.getByLabel("Lascia fuori le righe che non si possono prendere").check();
    await page.getByRole("button", { name: "Guarda di nuovo" }).click();
    await page.getByRole("button", { name: "Applica all'elenco" }).click();
    assert.match(await main(page), /2 nuovi, 0 cambiati/);
    await wellMade(page, "an import that was applied");
    await page.goto("/it/office/mediation/roster?text=Tesfay");
    assert.equal(await page.getByRole("link", { name: "Tesfay Esempio" }).count(), 2, "the one of the file beside their namesake");
    await page.goBack();
    await page.getByRole("link", { name: "Annulla l'importazione" }).click();
    await wellMade(page, "the question before undoing");
    await page.getByRole("button", { name: "Annulla l'importazione" }).click();
    assert.match(await main(page), /annullata/);
    await page.goto("/it/office/mediation/roster?text=Ise");
    assert.equal(await page.getByRole("link", { name: "Ise Esempio" }).count(), 0);
  } finally {
    await close(keeper);
  }
});

test("a neighbouring desk sees who is in the office today", async () => {
  const host = await visitor({ base, size: desktop, expected: [/422 \(Unprocessable/] });
  const neighbour = await visitor({ base, size: phone });
  const page = host.page;
  try {
    await login(page, people["mediation-coordinator"], "/it/office/mediation/residencies/new");
    const other = await page.locator("[name=neighbours]").first().getAttribute("value");
    await page.getByRole("button", { name: "Salva" }).click();
    assert.match(await main(page), /Scegli un mediatore in elenco/);
    await wellMade(page, "the form of a residency with mistakes");
    await page.locator("#mediator").selectOption({ index: 1 });
    const name = (await page.locator("#mediator").locator("option:checked").textContent()).split(" – ")[0];
    await page.locator("#from").fill(day(-1));
    await page.locator("#until").fill(day(50));
    await page.locator("#where").fill("Casa di quartiere");
    for (let d = 0; d < 7; d++) {
      await page.locator(`[name='day${d}.0.from']`).fill("00:05");
      await page.locator(`[name='day${d}.0.to']`).fill("23:55");
    }
    await page.locator("details", { hasText: "Sportelli vicini" }).locator("summary").click();
    await page.locator(`[name=neighbours][value="${other}"]`).check();
    await page.getByRole("button", { name: "Salva" }).click();
    assert.match(await main(page), new RegExp(`${name}[^]*Casa di quartiere`));
    await wellMade(page, "the residencies");
    await joined(neighbour.page, server, other, "desk-operator");
    await neighbour.page.goto("/it/office/mediation/residencies");
    assert.match(await main(neighbour.page), new RegExp(`${name}[^]*Casa di quartiere`));
    await neighbour.page.goto("/it/office/mediation/here");
    // On a public holiday offices are closed, whatever the hours are.
    assert.match(await main(neighbour.page), new RegExp(`${name}[^]*Casa di quartiere|Oggi non c'è nessun residente`));
    await wellMade(neighbour.page, "who is here today");
    await page.getByRole("link", { name }).click();
    await page.locator("details", { hasText: "Termina la residenza" }).locator("summary").click();
    await page.getByRole("button", { name: "Termina la residenza" }).click();
    await neighbour.page.goto("/it/office/mediation/residencies");
    assert.doesNotMatch(await main(neighbour.page), /Casa di quartiere/);
  } finally {
    await close(host, neighbour);
  }
});
