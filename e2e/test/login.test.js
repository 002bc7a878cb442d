// SPDX-License-Identifier: EUPL-1.2
//
// The door: first run, login, one-time codes, passkeys, invitation, the end of a membership.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { closeBrowser, desktop, phone, visitor } from "../lib/browser.js";
import { authenticator, examples, joined, letter, local, login, password, totp } from "../lib/account.js";
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

// walk is a journey over this server.
function walk(name, options, steps) {
  test(name, async () => {
    const { context, page, problems } = await visitor({ base, ...options });
    try {
      await steps(page, context);
    } catch (problem) {
      problem.message += `\n  at ${page.url()}`;
      throw problem;
    } finally {
      await context.close();
    }
    assert.deepEqual(problems, []);
  });
}

// at is a page by its path alone: an address may name another as the way back.
const at = (path) => (url) => url.pathname === path;
const refused = [/422 \(Unprocessable/, /404 \(Not Found/, /409 \(Conflict/];
const cookie = async (context) => (await context.cookies()).find((c) => c.name === "approdo")?.value;

for (const [js, language] of [[true, "it"], [false, "ar"]]) {
  walk(`a password alone opens the pages of an editor (${language}, ${js ? "with" : "without"} JavaScript)`, { js, language }, async (page, context) => {
    const editor = people["directory-editor"];
    await page.goto(`/${language}/account`);
    assert.match(page.url(), /\/login\?next=/);
    await password(page, editor.Email, editor.Password);
    await page.waitForURL(at(`/${language}/account`));
    assert.ok((await page.locator("main").textContent()).includes(editor.Email));
    const [kept] = (await context.cookies()).filter((c) => c.name === "approdo");
    assert.deepEqual([kept.httpOnly, kept.sameSite, kept.path, kept.expires], [true, "Lax", "/", -1]);
    if (js) await page.evaluate(() => ["approdo:typed:service/1", "shortlist"].forEach((name) => localStorage.setItem(name, "[]")));
    await page.locator("#me form button").click();
    await page.waitForURL(at(`/${language}/login`));
    if (js) assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), ["shortlist"], "what was typed stays when its owner has logged out");
    await page.goto(`/${language}/account`);
    assert.match(page.url(), /\/login\?next=/, "after logging out one is still in");
  });
}

walk("a wrong password and an unknown address look the same, and the address stays typed", { expected: refused }, async (page) => {
  const said = [];
  for (const email of [people.translator.Email, "nobody@rete.example"]) {
    await page.goto("/it/login");
    await password(page, email, "not the right password");
    said.push((await page.locator(".login").textContent()).replaceAll(email, ""));
    assert.equal(await page.locator("#email").inputValue(), email);
    assert.equal(await page.locator("#password").inputValue(), "");
  }
  assert.equal(said[0], said[1]);
});

walk("a one-time code is the second factor; the cookie changes, and a code is good once", { expected: refused }, async (page, context) => {
  const boss = people["body-administrator"];
  await page.goto("/it/login");
  await password(page, boss.Email, boss.Password);
  await page.waitForURL(/\/login\/second/);
  const half = await cookie(context);
  await page.goto("/it/office/members");
  assert.match(page.url(), /\/login\/second\?next=/, "a password alone opened a page");
  await page.locator("#code").fill("000000");
  await page.locator(".login-card button").click();
  await page.locator(".field-error").waitFor();
  const code = totp(boss.Secret);
  await page.locator("#code").fill(code);
  await page.locator(".login-card button").click();
  await page.waitForURL(at("/it/office/members"));
  assert.notEqual(await cookie(context), half, "the secret of the session is the one from before");
  await context.clearCookies({ name: "approdo" });
  await page.goto("/it/login");
  await password(page, boss.Email, boss.Password);
  await page.locator("#code").fill(code);
  await page.locator(".login-card button").click();
  await page.locator(".field-error").waitFor();
});

walk("a passkey is made, is the second factor, and then opens the door alone", { expected: refused }, async (page, context) => {
  const phone = await authenticator(page);
  const her = await joined(page, server, people["case-worker"].Member, "case-worker");
  await page.goto("/it/login/factor?next=/it/account");
  await page.locator("form[data-passkey=make] button").click();
  await page.waitForURL(at("/it/account"));
  assert.equal((await phone.credentials()).length, 1);
  await context.clearCookies({ name: "approdo" });
  await page.goto("/it/login?next=/it/account");
  await password(page, her.Email, her.Password);
  await page.waitForURL(/\/login\/second/);
  await page.locator("form[data-passkey=show] button").click();
  await page.waitForURL(at("/it/account"));
  await context.clearCookies({ name: "approdo" });
  await page.goto("/ar/login?next=/ar/account");
  await page.locator("form[data-passkey=show] button").click();
  await page.waitForURL(at("/ar/account"));
  await page.goto("/it/office/members");
  assert.equal(await page.locator("h1").textContent().then((t) => /non trovata/i.test(t)), true, "a case worker saw the members");
  // Without the finger it is one factor, and opens nothing alone.
  await phone.verify(false);
  await context.clearCookies({ name: "approdo" });
  await page.goto("/it/login?next=/it/account");
  await page.locator("form[data-passkey=show] button").click();
  await page.locator("[data-passkey-status]:not([hidden])").waitFor();
  assert.match(page.url(), /\/login/);
});

walk("invite by mail, accept with a password and a phone, change the role, end it: the next request is refused", { size: desktop, expected: refused }, async (page) => {
  const email = `amina.${Date.now()}@prova.example`;
  await login(page, people["network-administrator"], "/it/office/members");
  await page.getByRole("link", { name: "Invita una persona" }).click();
  await page.locator("#name").fill("Amina Prova");
  await page.locator("#email").fill("non è un indirizzo");
  await page.locator("#email").evaluate((e) => e.form.noValidate = true);
  await page.locator("label", { hasText: /^Mediatore$/ }).click();
  await page.getByRole("button", { name: "Manda l’invito" }).click();
  await page.locator(".field-error").waitFor();
  assert.equal(await page.locator("#name").inputValue(), "Amina Prova", "what was typed is lost");
  await page.locator("#email").fill(email);
  await page.getByRole("button", { name: "Manda l’invito" }).click();
  await page.waitForURL(at("/it/office/members"));

  const link = new URL(await letter(server, email, /https?:\/\/\S+\/invitation\/[\w.-]+/)).pathname;
  const her = await visitor({ base, expected: refused });
  try {
    await her.page.goto(link);
    await her.page.goto(her.page.url()); // a link shows and does nothing: it may be opened twice
    await her.page.locator("#password").fill("quattro parole messe insieme");
    await her.page.locator(".login-card button").click();
    await her.page.waitForURL(/\/login\/factor/);
    const secret = await her.page.locator(".login-secret code").textContent();
    await her.page.locator("#code").fill(totp(secret));
    await her.page.locator(".login-card button").click();
    await her.page.locator(".login-codes li").first().waitFor();
    assert.equal(await her.page.locator(".login-codes li").count(), 10);
    await her.page.goto("/it/account");
    assert.match(await her.page.locator("#bodies").textContent(), /Mediatore/);
    assert.equal((await her.page.request.get(link)).status(), 404, "the link works a second time");

    await page.reload();
    await page.getByRole("link", { name: "Amina Prova" }).click();
    await page.locator("label", { hasText: /^Traduttore$/ }).click();
    await page.getByRole("button", { name: "Salva i ruoli" }).click();
    await page.waitForURL(at("/it/office/members"));
    await her.page.reload();
    assert.match(await her.page.locator("#bodies").textContent(), /Traduttore/);

    await page.getByRole("link", { name: "Amina Prova" }).click();
    await page.getByRole("button", { name: "Fai uscire dall’ente" }).click();
    await page.waitForURL(at("/it/office/members"));
    await her.page.reload();
    assert.match(await her.page.locator("#bodies").textContent(), /nessun ente/);

    await server.command("user", "revoke", email);
    await her.page.reload();
    assert.match(her.page.url(), /\/login\?next=/, "a revoked session is still open");
    assert.deepEqual(her.problems, []);
  } finally {
    await her.context.close();
  }
});

walk("somebody of two bodies sees for which one acts, and changes it", { size: desktop }, async (page) => {
  await login(page, people["two-bodies"]);
  const tags = page.locator("#bodies .tag");
  assert.equal(await tags.count(), 1);
  const before = await page.locator("#bodies li", { has: page.locator(".tag") }).locator("strong").textContent();
  await page.locator("#bodies form button").click();
  await page.waitForURL(at("/it/account"));
  const after = await page.locator("#bodies li", { has: page.locator(".tag") }).locator("strong").textContent();
  assert.notEqual(after, before);
  assert.ok((await page.locator("header").textContent()).includes(after.trim()), "the head of the page does not say for whom one acts");
});

walk("a forgotten password: the same answer for everybody, the link from the letter, all sessions end", {}, async (page, context) => {
  const her = await joined(page, server, people.translator.Member, "translator");
  await context.clearCookies();
  const said = [];
  for (const email of [her.Email, "nobody@rete.example"]) {
    await page.goto("/it/login/reset");
    await page.locator("#email").fill(email);
    await page.locator(".login-card button").click();
    said.push(await page.locator(".login").textContent());
  }
  assert.equal(said[0], said[1]);
  const link = new URL(await letter(server, her.Email, /https?:\/\/\S+\/login\/reset\/[\w.-]+/)).pathname;
  await page.goto(link);
  await page.locator("#password").fill("tutta un'altra frase lunga");
  await page.locator(".login-card button").click();
  await page.waitForURL(/\/login\?changed=1/);
  await login(page, { ...her, Password: "tutta un'altra frase lunga" });
});

walk("what opens an example account of the demo stays, and the page says so", { expected: refused }, async (page) => {
  await login(page, people.trainer);
  assert.match(await page.locator("#factors").textContent(), /chi prova dopo di te/);
  assert.equal(await page.locator("#factors :is(a, button)").count(), 0, "something opens the account that can be changed");
  await page.goto("/it/login/factor");
  assert.match(await page.locator("main").textContent(), /chi prova dopo di te/);
});

walk("the door is accessible in Italian and in Arabic", { size: phone }, async (page) => {
  for (const language of ["it", "ar"]) {
    for (const path of ["/login", "/login/reset"]) {
      await page.goto(`/${language}${path}`);
      assert.deepEqual(await inspect(page), []);
      assert.deepEqual(await tooWide(page), []);
    }
  }
});

test("the first run: the code from the console, then the network has an administrator with a second factor", async () => {
  const fresh = await start({ empty: true });
  const { context, page, problems } = await visitor({ base: local(fresh.origin), expected: refused });
  try {
    await page.goto("/it/login");
    await page.waitForURL(at("/it/setup"));
    const code = fresh.log().match(/the code (\S+)/)[1];
    for (const [id, text] of Object.entries({ setup_code: "AAAA-AAAA-AAAA-AAAA", network: "Rete Prova", body_name: "Comune di Prova", name: "Ada Prova", email: "ada@prova.example", password: "quattro parole messe insieme" })) {
      await page.locator(`#${id}`).fill(text);
    }
    await page.getByRole("button", { name: "Crea la rete" }).click();
    await page.locator(".field-error").waitFor();
    assert.equal(await page.locator("#body_name").inputValue(), "Comune di Prova", "what was typed is lost");
    await page.locator("#setup_code").fill(code);
    await page.locator("#password").fill("quattro parole messe insieme");
    await page.getByRole("button", { name: "Crea la rete" }).click();
    await page.waitForURL(/\/login\/factor/);
    await page.locator("#code").fill(totp(await page.locator(".login-secret code").textContent()));
    await page.locator(".login-card button").click();
    await page.locator(".login-codes li").first().waitFor();
    await page.goto("/it/office/members");
    assert.match(await page.locator("main").textContent(), /Ada Prova/);
    assert.equal((await page.request.get("/it/setup")).status(), 404, "the first run can happen again");
    assert.deepEqual(problems, []);
  } finally {
    await context.close();
    await fresh.stop();
  }
});
