// SPDX-License-Identifier: EUPL-1.2
//
// The parts of operators' pages, as the gallery shows them: nothing for axe to find on a phone, on
// a desk and right to left; the keyboard; the same without script.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import path from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { desktop, phone } from "../lib/browser.js";
import { journey } from "../lib/journey.js";
import { freePort } from "../lib/server.js";
import { inspect, tooWide } from "../lib/sweep.js";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "../..");
const pages = ["/office", "/office/list", "/office/form", "/office/form?wrong", "/office/compare"];
let gallery;
let base;

// of a visitor: where the gallery is becomes known only when it has started.
const at = (more) => ({ ...more, get base() { return base; } });

before(async () => {
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  gallery = spawn(process.env.GO || "go", ["run", "./internal/kit/web/ui/gallery", "-addr", `127.0.0.1:${port}`], { cwd: root, stdio: ["ignore", "pipe", "inherit"], detached: true });
  await new Promise((resolve, reject) => {
    gallery.stdout.once("data", resolve);
    gallery.once("exit", (code) => reject(new Error(`the gallery ended with ${code}`)));
  });
});

// go run starts another program: the whole group ends.
after(() => process.kill(-gallery.pid, "SIGTERM"));

for (const [name, size] of [["a phone", phone], ["a desk", desktop]]) {
  for (const js of [true, false]) {
    journey(`parts on ${name}${js ? "" : " without script"}`, at({ size, js }), async (page, { t }) => {
      for (const address of pages) {
        await t.test(address, async () => {
          assert.equal((await page.goto(`/it${address}`)).status(), 200);
          assert.equal(await page.locator("h1").count(), 1);
          if (!js) {
            assert.ok(await page.locator("#office-menu a").first().isVisible(), "without script the menu must be there");
            return;
          }
          assert.deepEqual(await tooWide(page), []);
          assert.deepEqual(await inspect(page), []);
        });
      }
    });
  }
}

journey("the keyboard of operators", at({ size: desktop }), async (page) => {
  await page.goto(`/it/office/list`);
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.className || document.activeElement.tagName);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "main", "the first stop leads to the content");
  await page.keyboard.press("/");
  assert.equal(await focused(), "office-search", "/ leads to the search");
  await page.keyboard.type("a/b");
  assert.equal(await page.locator("#office-search").inputValue(), "a/b", "/ is a letter while one writes");
  await page.locator(".office-user summary").focus();
  await page.keyboard.press("Enter");
  assert.ok(await page.getByRole("link", { name: "Il mio account" }).isVisible());
  await page.keyboard.press("Escape");
  assert.ok(!(await page.getByRole("link", { name: "Il mio account" }).isVisible()), "Escape closes a menu");
});

journey("rows are marked, counted and sent", at({ size: desktop }), async (page) => {
  await page.goto(`/it/office/list`);
  const publish = page.getByRole("button", { name: "Pubblica", exact: true });
  await publish.click({ force: true });
  assert.ok(page.url().endsWith("/it/office/list"), "without a marked row nothing is sent");
  await page.locator("[data-bulk-all]").check();
  assert.match(await page.locator("[data-bulk-count]").textContent(), /25$/);
  await page.locator("input[name=id]").first().uncheck();
  assert.match(await page.locator("[data-bulk-count]").textContent(), /24$/);
  assert.ok(await page.locator("[data-bulk-all]").evaluate((box) => box.indeterminate));
  const sent = page.waitForRequest((request) => request.method() === "POST");
  await publish.click();
  const body = new URLSearchParams((await sent).postData());
  assert.equal(body.get("do"), "publish");
  assert.equal(body.getAll("id").length, 24);
  await page.locator(".notice-success").waitFor(); // the next page says what was done
  await page.reload();
  assert.equal(await page.locator(".notice-success").count(), 0, "and says it once");
});

journey("what was typed is not lost by accident", at({ size: desktop }), async (page) => {
  await page.goto(`/it/office/form`);
  let asked = 0;
  page.on("dialog", (dialog) => {
    asked++;
    dialog.dismiss();
  });
  await page.locator("#name").pressSequentially("Sportello");
  await page.locator("#office-menu a").first().click();
  await page.waitForTimeout(300);
  assert.equal(asked, 1, "leaving asks first");
  assert.equal(await page.locator("#name").inputValue(), "Sportello");
  await page.getByRole("button", { name: "Salva", exact: true }).click();
  await page.waitForURL(/office\/list/);
  assert.equal(asked, 1, "saving does not");
});
