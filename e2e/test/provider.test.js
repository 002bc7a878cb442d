// SPDX-License-Identifier: EUPL-1.2
//
// Logging in through a provider of identities, against a certified one: linking, its level as the
// second factor, and what an attacker could try.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test, { after, before } from "node:test";
import { examples, joined, local } from "../lib/account.js";
import { browser, closeBrowser } from "../lib/browser.js";
import { provider } from "../lib/provider.js";
import { freePort, start } from "../lib/server.js";

let gateway, server, base, people;

before(async () => {
  gateway = await provider();
  const port = await freePort();
  base = `http://localhost:${port}`;
  gateway.open(`${base}/login/with/spid/back`);
  const file = path.join(tmpdir(), `approdo-providers-${process.pid}.json`);
  await writeFile(file, JSON.stringify([{
    name: "spid", label: "SPID o CIE", issuer: gateway.issuer, client_id: "approdo", client_secret: "a secret for tests alone",
    acr_values: [gateway.levels[1]], strong_acr: [gateway.levels[1]],
  }]));
  server = await start({ more: ["--providers", file, "--addr", `127.0.0.1:${port}`] });
  assert.equal(local(server.origin), base);
  people = await examples(server);
});

after(async () => {
  await closeBrowser();
  await server?.stop();
  await gateway?.close();
});

// somebody is a browser that may visit the provider too.
async function somebody(t) {
  const context = await (await browser()).newContext({ baseURL: base, locale: "it", viewport: { width: 390, height: 800 } });
  context.setDefaultTimeout(10_000);
  t.after(() => context.close());
  return { context, page: await context.newPage() };
}

// say tells the provider who one is, and with which level.
async function say(page, who, level = gateway.levels[1]) {
  await page.locator("#who").fill(who);
  await page.locator("#acr").fill(level);
  await page.locator("button").click();
}

const at = (where) => (url) => url.origin === base && url.pathname === where;

test("an identity opens nothing before its owner has linked it, whatever address it claims", async (t) => {
  const { page } = await somebody(t);
  await page.goto("/it/login");
  await page.getByRole("link", { name: "Entra con SPID o CIE" }).click();
  await say(page, "stranger");
  await page.locator(".notice-danger").waitFor();
  assert.match(await page.locator(".login").textContent(), /non è collegata a nessun account/);
  await page.goto("/it/account");
  assert.match(page.url(), /\/login\?next=/);
});

test("linked from one's own account, it logs in; its level is the second factor, and a lower one is not", async (t) => {
  const { context, page } = await somebody(t);
  await joined(page, server, people.mediator.Member, "mediator");
  await page.goto("/it/account");
  await page.locator("#providers a").click();
  await say(page, "farida");
  await page.waitForURL(at("/it/account"));
  assert.equal(await page.locator("#providers form").count(), 1, "the identity is not linked");

  await context.clearCookies();
  await page.goto("/it/login?next=/it/account");
  await page.getByRole("link", { name: "Entra con SPID o CIE" }).click();
  await say(page, "farida");
  await page.waitForURL(at("/it/account"));

  await context.clearCookies();
  await page.goto("/it/login?next=/it/account");
  await page.getByRole("link", { name: "Entra con SPID o CIE" }).click();
  await say(page, "farida", gateway.levels[0]);
  await page.waitForURL(at("/it/login/second"));
  await page.getByRole("link", { name: "Entra con SPID o CIE" }).click();
  await say(page, "farida", gateway.levels[1]);
  await page.waitForURL(at("/it/account"));

  // The same identity can't be linked to a second account.
  const other = await somebody(t);
  const translator = await joined(other.page, server, people.translator.Member, "translator");
  await other.page.goto("/it/login/confirm?next=/it/account");
  await other.page.locator("#password").fill(translator.Password);
  await other.page.locator(".login-card button").click();
  await other.page.waitForURL(at("/it/account"));
  await other.page.locator("#providers a").click();
  await say(other.page, "farida");
  await other.page.waitForURL(/\/back\?/);
  assert.match(await other.page.locator("main").textContent(), /già collegata a un altro account/);
});

// answer visits the provider step by step and gives the address that it sends the browser back to.
async function answer(context, who) {
  const to = async (address) => {
    const said = await context.request.get(address, { maxRedirects: 0 });
    assert.equal(said.status(), 303, address);
    return new URL(said.headers().location, address).href;
  };
  const page = await to(await to(`${base}/it/login/with/spid`));
  const back = await to(await to(`${page}?${new URLSearchParams({ who, acr: gateway.levels[1] })}`));
  assert.ok(back.startsWith(`${base}/login/with/spid/back?`), back);
  return back;
}

test("an answer works once, in the browser that asked, for the state that it was asked with", async (t) => {
  const entered = async ({ page }) => {
    await page.goto("/it/account");
    return new URL(page.url()).pathname === "/it/account";
  };
  const mine = await somebody(t);
  const back = await answer(mine.context, "farida");
  const victim = await somebody(t);
  await victim.page.goto(back); // a login forced on somebody else (RFC 9700, 4.7)
  assert.equal(await entered(victim), false, "a stranger's answer logged another browser in");
  await mine.page.goto(back);
  assert.equal(await entered(mine), true, "the owner's answer was refused");
  await mine.context.clearCookies();
  await mine.page.goto(back);
  assert.equal(await entered(mine), false, "an answer was taken twice");

  const other = await somebody(t);
  const right = await answer(other.context, "farida");
  const wrong = new URL(right);
  wrong.searchParams.set("state", "x".repeat(43));
  await other.page.goto(wrong.href);
  assert.equal(await entered(other), false, "an answer with another state was taken");
  await other.page.goto(right);
  assert.equal(await entered(other), false, "a visit went on after a wrong answer");
});

test("what is sent to the provider carries no secret, and a challenge that it is bound to", () => {
  const asked = gateway.seen.filter((url) => url.pathname === "/auth");
  assert.ok(asked.length > 3);
  for (const { searchParams: q } of asked) {
    assert.equal(q.get("response_type"), "code");
    assert.equal(q.get("code_challenge_method"), "S256");
    for (const name of ["state", "nonce", "code_challenge"]) assert.ok(q.get(name)?.length >= 43, name);
    assert.equal(q.get("client_secret"), null);
  }
  assert.equal(new Set(asked.map((url) => url.searchParams.get("state"))).size, asked.length, "a state was used twice");
});
