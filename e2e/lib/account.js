// SPDX-License-Identifier: EUPL-1.2
//
// People who log in, as the journeys need them: example accounts, phones that make codes, passkeys,
// letters in the outbox.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";

// local is the origin by a name, since passkeys are bound to names and not to addresses.
export const local = (origin) => origin.replace("127.0.0.1", "localhost");

// examples gives the example accounts of a demo network by their role.
export const examples = (server) => Object.fromEntries(server.accounts.map((a) => [a.Email.split("@")[0], a]));

// totp is the code that a phone shows for a secret (RFC 6238).
export function totp(secret, at = Date.now()) {
  let bits = "";
  for (const c of secret.replace(/\s/g, "")) bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0");
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const sum = createHmac("sha1", key).update(step).digest();
  const from = sum[19] & 15;
  return String((sum.readUInt32BE(from) & 0x7fffffff) % 1e6).padStart(6, "0");
}

// password fills the login page.
export async function password(page, email, secret) {
  await page.locator("#email").fill(email);
  await page.locator("#password").fill(secret);
  await page.locator(".login-card button").click();
}

// login lets an example account in, with the code that the demo network shows.
export async function login(page, account, next = "/it/account") {
  await page.goto(`/it/login?next=${encodeURIComponent(next)}`);
  await password(page, account.Email, account.Password);
  if (account.Secret) {
    await page.waitForURL(/\/login\/second/);
    await page.locator("#code").fill(await page.locator(".login-code").textContent());
    await page.locator(".login-card button").click();
  }
  await page.waitForURL((url) => url.pathname === next);
}

// joined is somebody of their own, who is no example: invited by command into a body, they accept on page
// with a password and, where the role wants one, a phone. The page is logged in afterwards.
export async function joined(page, server, body, role) {
  const who = { Name: "Zahra Prova", Email: `${role}.${Date.now()}@prova.example`, Password: "quattro parole messe insieme" };
  const said = await server.command("user", "add", who.Email, "--name", who.Name, "--body", body, "--role", role);
  await page.goto(new URL(said.match(/https?:\/\/\S+/)[0]).pathname);
  await page.locator("#password").fill(who.Password);
  await page.locator(".login-card button").click();
  await page.waitForURL((url) => !url.pathname.includes("/invitation/"));
  if (/\/login\/factor/.test(page.url())) {
    who.Secret = await page.locator(".login-secret code").textContent();
    await page.locator("#code").fill(totp(who.Secret));
    await page.locator(".login-card button").click();
    await page.locator(".login-codes li").first().waitFor();
  }
  return who;
}

// authenticator gives the browser a phone that makes passkeys and says yes to everything.
export async function authenticator(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  return {
    credentials: async () => (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
    verify: (yes) => cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: yes }),
  };
}

// letter waits for the letter to an address, and gives the link in it.
export async function letter(server, email, pattern) {
  const folder = path.join(server.data, "outbox");
  for (const until = Date.now() + 15_000; Date.now() < until; await new Promise((r) => setTimeout(r, 200))) {
    for (const name of await readdir(folder).catch(() => [])) {
      if (!name.endsWith(".eml")) continue; // still being written
      const text = (await readFile(path.join(folder, name), "utf8")).replace(/=\r?\n/g, "").replace(/=3D/g, "=");
      if (!text.includes(email)) continue;
      const found = text.match(pattern);
      if (found) return found[0];
    }
  }
  assert.fail(`no letter to ${email} came with ${pattern}`);
}
