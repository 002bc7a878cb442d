// SPDX-License-Identifier: EUPL-1.2
//
// Messages: everybody's inbox, how they want to be told, what became of each message.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { closeBrowser, desktop, phone, visitor } from "../lib/browser.js";
import { examples, letter, local, login } from "../lib/account.js";
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

const main = (page) => page.locator("main").textContent();

// A one-time code is good once, so that nobody logs in twice within half a minute: each journey has an
// account of its own.
for (const [js, role] of [[true, "network-administrator"], [false, "body-administrator"]]) {
  walk(`a test message arrives in the inbox and by mail, and its fate is seen (${js ? "with" : "without"} JavaScript)`, { js }, async (page) => {
    const admin = people[role];
    await login(page, admin, "/it/office/messages");
    await page.getByRole("button", { name: "Manda un messaggio di prova a me" }).click();
    await page.waitForURL("**/it/office/messages");
    assert.match(await page.locator("body").textContent(), /Il messaggio di prova è partito/);
    await letter(server, admin.Email, /\/it\/office\/notices/);
    await page.goto("/it/office/messages?channel=mail");
    assert.match(await main(page), /Prova dei messaggi/);
    assert.match(await main(page), /Inviato/);
    assert.doesNotMatch(await main(page), new RegExp(admin.Email), "the list shows an address");

    await page.goto("/it/office/notices?new=1");
    await page.getByRole("link", { name: "Prova dei messaggi" }).first().click();
    await page.waitForURL(/notices\/[0-9a-f-]{36}$/);
    assert.match(await main(page), /tutto funziona/);
    await page.getByRole("button", { name: "Segna come letto" }).click();
    await page.waitForURL("**/it/office/notices");
    await page.goto("/it/office/notices?new=1");
    assert.match(await main(page), /Nessun avviso/);
    if (js) await wellMade(page);
  });
}

// wellMade looks at every page of messages on a phone and on a desk.
async function wellMade(page) {
  for (const size of [phone, desktop]) {
    await page.setViewportSize(size);
    for (const path of ["/it/office/notices", "/it/office/notices/preferences", "/it/office/messages", "/it/office/work", "/en/office/messages"]) {
      await page.goto(path);
      assert.deepEqual(await tooWide(page), [], `${path} ${size.width}`);
      assert.deepEqual(await inspect(page), [], `${path} ${size.width}`);
    }
  }
}

walk("somebody says how they want to be told; an hour that is none comes back as typed", { expected: [/422 \(Unprocessable/] }, async (page) => {
  await login(page, people["directory-editor"], "/it/office/notices/preferences");
  await page.locator("#start").evaluate((field) => { field.type = "text"; field.value = "25:99"; });
  await page.locator("#finish").fill("06:15");
  await page.locator("#form .form-actions button").first().click();
  await page.waitForFunction(() => document.querySelector("#start-error"));
  assert.equal(await page.locator("#finish").inputValue(), "06:15");
  await page.locator("#start").fill("21:30");
  await page.locator("#form .form-actions button").first().click();
  await page.waitForFunction(() => document.body.textContent.includes("Preferenze salvate."));
  assert.deepEqual([await page.locator("#start").inputValue(), await page.locator("#finish").inputValue()], ["21:30", "06:15"]);
  // The worker of messages is registered when its button is pressed, and not before.
  assert.equal((await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)), 0);
});

walk("an editor does not find the pages of administrators", { expected: [/404 \(Not Found/] }, async (page) => {
  await login(page, people.translator, "/it/office/notices");
  for (const path of ["/it/office/messages", "/it/office/work"]) {
    assert.equal((await page.goto(path)).status(), 404, path);
  }
});
