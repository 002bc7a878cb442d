// SPDX-License-Identifier: EUPL-1.2
//
// The bodies of the network: their agreements, two pairs of eyes before publishing, the name of it all.
import assert from "node:assert/strict";
import { joined } from "../lib/account.js";
import { desktop, phone } from "../lib/browser.js";
import { people, said } from "../lib/people.js";
import { inspect, tooWide } from "../lib/sweep.js";

const house = people();
const paper = { name: "accordo.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n") };
const today = () => new Date().toLocaleDateString("sv", { timeZone: "Europe/Rome" });

// actFor lets somebody of two bodies act for the other one.
async function actFor(page, other) {
  await page.goto("/it/account");
  if (!(await page.locator("#bodies li", { has: page.locator(".tag") }).textContent()).includes(other)) await page.locator("#bodies form button").click();
  await page.locator("header").getByText(other).first().waitFor();
}

house.walk("an agreement that names another body is in force when its administrator has confirmed it", async () => {
  const one = await house.as("body-administrator");
  const other = await house.as("two-bodies");
  await other.goto("/it/account");
  const own = (await one.locator("header .office-body strong, header").first().textContent());
  const names = await other.locator("#bodies li strong").allTextContents();
  const second = names.map((name) => name.trim()).find((name) => !own.includes(name));

  await one.goto("/it/office/agreements/new");
  const title = "Prova di accordo Zafferano";
  await one.locator("[name=title]").fill(title);
  await one.locator("[name=kind]").selectOption("between-controllers");
  await one.locator("[name=purposes][value=orientation]").check({ force: true });
  await one.locator("[name=what]").fill("Nome e recapito di chi chiede di essere orientato.");
  await one.locator("[name=why]").fill("Art. 6, par. 1, lett. e, GDPR.");
  await one.locator("[name=party_role_1]").selectOption("controller");
  await one.locator("[name=party_body_2]").selectOption({ label: second });
  await one.locator("[name=party_role_2]").selectOption("controller");
  await one.locator(".form-actions button.btn-primary").click();
  await one.waitForURL(/agreements\/[0-9a-f-]{36}$/);
  const agreement = new URL(one.url()).pathname;
  assert.match(await said(one), /Da firmare/);
  assert.deepEqual(await inspect(one), []);

  await one.goto(`${agreement}/edit`);
  await one.setInputFiles("[name=file]", paper);
  await one.locator("[name=signed_on]").fill(today());
  await one.locator(".form-actions button.btn-primary").click();
  await one.waitForURL((url) => url.pathname === agreement);
  assert.match(await said(one), new RegExp(`${second}`));
  assert.doesNotMatch(await said(one), /In vigore/, "one party alone puts it in force");
  assert.equal(await one.locator("form[action$='/confirm']").count(), 0, "one body confirms for the other");
  assert.deepEqual(await inspect(one), []);

  await actFor(other, second);
  await other.goto("/it/office");
  await other.getByRole("link", { name: title }).first().click();
  await other.waitForURL((url) => url.pathname === agreement);
  for (const size of [phone, desktop]) {
    await other.setViewportSize(size);
    assert.deepEqual(await tooWide(other), []);
  }
  await other.locator("form[action$='/confirm'] button").click();
  await other.waitForURL((url) => url.pathname === agreement);
  assert.match(await said(other), /In vigore/);
  await other.goto("/it/office");
  assert.equal(await other.getByRole("link", { name: title }).count(), 0, "it still waits");
});

house.walk("with two pairs of eyes who writes a card does not publish it, and somebody else does", async () => {
  const admin = await house.as("body-administrator");
  const author = await house.as("directory-editor");
  const second = await house.as("two-bodies");
  await admin.goto("/it/office/services/rules");
  assert.deepEqual(await inspect(admin), []);
  await admin.locator("label[for=four_eyes]").click();
  await admin.locator(".form-actions button.btn-primary").click();
  await admin.locator(".notice-success").waitFor();
  assert.ok(await admin.locator("#four_eyes").isChecked());

  await author.goto("/it/office/services/new");
  const title = "Prova di quattro occhi Zafferano";
  await author.locator("#name").fill(title);
  await author.locator(".office-form button[type=submit]").first().click();
  await author.waitForURL(/services\/[0-9a-f-]{36}$/);
  const card = new URL(author.url()).pathname;
  await author.locator("#summary").fill("Aiuta a preparare un colloquio di lavoro.");
  await author.locator("summary", { hasText: "Lavoro" }).first().click();
  await author.locator("input[name=needs][value=job-search]").check();
  await author.locator("button[value='add:phones']").click();
  await author.locator("[id='phones.0.number']").fill("000 000 111");
  await author.locator("button[name=do][value=submit]").click();
  await author.getByText("un’altra persona", { exact: false }).first().waitFor();
  assert.equal(await author.locator("button[name=do][value=publish]").count(), 0, "the author may publish");
  assert.deepEqual(await inspect(author), []);
  const status = (await author.request.get(card.replace("/it/office/", "/it/"))).status();
  assert.equal(status, 404, "it is public before anybody else saw it");

  const acting = (await admin.locator("header").textContent());
  await second.goto("/it/account");
  const names = (await second.locator("#bodies li strong").allTextContents()).map((name) => name.trim());
  await actFor(second, names.find((name) => acting.includes(name)));
  await second.goto(card);
  assert.match(await said(second), /Carla Esempio/);
  assert.deepEqual(await inspect(second), []);
  await second.locator("#part-finish ~ .form-actions button[name=do][value=publish]").click();
  await second.getByText("La scheda è pubblica.").waitFor();
  assert.equal((await author.request.get(card.replace("/it/office/", "/it/"))).status(), 200);
}, [/404/]);

house.walk("the name of the network stands wherever people read it", async () => {
  // Example accounts call the network of the demo nothing: somebody of their own does.
  const one = await house.as("body-administrator");
  const member = (await one.locator(".office-body-name").first().textContent()).trim();
  const { context: hers, page: admin } = await house.stranger({ size: desktop });
  await joined(admin, house.server, member, "network-administrator");
  const name = "Rete di Prova Zafferano";
  const call = async (text) => {
    await admin.goto("/it/office/network-name");
    await admin.locator("[name=network]").fill(text);
    await admin.locator("#form .btn-primary, .office-form .btn-primary").first().click();
    await admin.locator(".notice-success").waitFor();
  };
  await call(name);
  assert.deepEqual(await inspect(admin), []);
  const { context, page, problems } = await house.stranger({ size: phone, language: "ar" });
  try {
    for (const path of ["/ar/", "/ar/services", "/ar/network", "/ar/login", "/ar/poster", "/ar/privacy", "/ar/statistics"]) {
      await page.goto(path);
      const head = (await page.title()) + (await page.locator("header").first().innerText());
      assert.ok(head.includes(name), `${path} does not say it`);
      assert.doesNotMatch(head + (await said(page)), /Approdo/, path);
      assert.deepEqual(await tooWide(page), [], path);
    }
    const manifest = await (await page.request.get("/manifest.webmanifest")).text();
    assert.ok(manifest.includes(name), "a phone installs it under another name");
    assert.deepEqual(problems, []);
  } finally {
    await context.close();
  }
  for (const path of ["/it/office", "/it/office/field/new", "/en/office/log"]) {
    await admin.goto(path);
    assert.ok((await admin.title()).includes(name), path);
  }
  await call("");
  await hers.close();
});
