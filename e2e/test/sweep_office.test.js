// SPDX-License-Identifier: EUPL-1.2
//
// Every page of the office, as those see it who see most: opened by its links, with few rows and with
// many, on a desk (axe), on phones and with letters twice as large (nothing is wider than the screen).
import assert from "node:assert/strict";
import { desktop } from "../lib/browser.js";
import { journey } from "../lib/journey.js";
import { logIn } from "../lib/office.js";
import { faults, round } from "../lib/round.js";
import { inspect, tooWide } from "../lib/sweep.js";

const mixed = new Set(["office", "office/services", "office/services/*", "office/verification", "office/network/*", "office/log", "office/messages", "office/breaches/*"]);
const narrow = [320, 390, 640];

// look holds a page to what holds for all.
async function look(page, what, answer, { axe }) {
  assert.equal(answer.status(), 200);
  assert.deepEqual(await faults(page, what), []);
  // The form for the field works without a network and is no page of the frame.
  if (what.startsWith("office") && what !== "office/field/new") assert.equal(await page.locator(".office-help").count(), 1, "nothing says what the page is for");
  // Colours are those of the parts, which their gallery holds to contrast; here the pages that mix most.
  // What sticks to an edge of the window lies on whatever is there just now, and moves away by scrolling.
  if (axe) await page.evaluate(() => {
    for (const e of document.querySelectorAll("body *")) if (getComputedStyle(e).position === "sticky") e.style.position = "static";
  });
  if (axe) assert.deepEqual(await inspect(page, mixed.has(what) ? [] : ["color-contrast"]), []);
  for (const width of narrow) {
    await page.setViewportSize({ width, height: 800 });
    assert.deepEqual(await tooWide(page), [], `${width} pixels`);
  }
  await page.setViewportSize(desktop);
}

// complete fills what a form asks for with a text without spaces, and sends it.
async function complete(page, address) {
  await page.goto(address);
  const long = "Prova-di-un-nome-lungo-che-non-si-lascia-spezzare-in-nessun-punto-" + address.split("/")[3];
  for (const field of await page.locator("main form :is(input, textarea, select)[required]").all()) {
    const type = await field.evaluate((e) => e.type);
    if (type === "select-one") await field.selectOption({ index: 1 });
    else if (type === "date") await field.fill("2026-01-15");
    else if (type === "datetime-local") await field.fill("2026-01-15T10:00");
    else if (type === "text" || type === "textarea") await field.fill((await field.getAttribute("name")) === "code" ? "LUNGO" : long);
  }
  await page.locator("main form button.btn-primary[type=submit]").first().click();
  await page.waitForURL((url) => url.pathname !== address);
}

const seen = new Set();

journey("the office of the network's administrator", { size: desktop }, async (page, { t }) => {
  await logIn(page, "network-administrator");
  for (const address of ["/it/office/breaches/new", "/it/office/network/new", "/it/office/projects/new", "/it/office/services/new"]) await complete(page, address);
  const done = await round(page, "it", (what, answer) => t.test(what, () => look(page, what, answer, { axe: true })));
  assert.ok(done.size > 50, `only ${done.size} kinds of pages were reached`);
  for (const what of done) seen.add(what);
});

journey("the office of the data protection officer: what the administrator does not see", { size: desktop }, async (page, { t }) => {
  await logIn(page, "data-protection-officer");
  await complete(page, "/it/office/processings/new");
  await round(page, "it", (what, answer) => t.test(what, () => look(page, what, answer, { axe: true })), seen);
});

journey("the office in English", { size: desktop, language: "en" }, async (page, { t }) => {
  await logIn(page, "network-administrator");
  await round(page, "en", (what, answer) => t.test(what, () => look(page, what, answer, { axe: false })));
});
