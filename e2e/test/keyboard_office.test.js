// SPDX-License-Identifier: EUPL-1.2
//
// The office with the keyboard alone: menu, list, order, filter, marked rows, the parts of a record, help
// and the menu of one's own; what has the focus is seen, also in forced colours, and nothing holds it.
import assert from "node:assert/strict";
import { desktop, phone } from "../lib/browser.js";
import { journey } from "../lib/journey.js";
import { logIn } from "../lib/office.js";

const focused = (page) => page.evaluate(() => {
  const e = document.activeElement;
  const box = e.getBoundingClientRect();
  const style = getComputedStyle(e);
  return {
    what: e.outerHTML.slice(0, 200), path: e.pathname ?? "", id: e.id, name: e.name ?? "", text: e.textContent.trim(),
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    marked: style.outlineStyle !== "none" && style.outlineWidth !== "0px" || style.boxShadow !== "none" || e.parentElement?.matches(":focus-within") && getComputedStyle(e.parentElement).boxShadow !== "none",
  };
});

// tabTo goes on until what has the focus is what is wanted.
async function tabTo(page, wanted, { most = 90, key = "Tab" } = {}) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press(key);
    const now = await focused(page);
    assert.ok(now.seen, `the focus is out of sight: ${now.what}`);
    assert.ok(now.marked, `the focus is not marked: ${now.what}`);
    if (wanted(now)) return now;
  }
  throw new Error(`not reached in ${most} steps`);
}

for (const forcedColors of ["none", "active"]) {
  journey(`a working day without a mouse, forced colours: ${forcedColors}`, { size: desktop, forcedColors }, async (page) => {
    await logIn(page, "directory-editor");
    await tabTo(page, (now) => now.path === "/it/office/services" && now.text === "Servizi");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/office/services");

    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.equal((await focused(page)).id, "main", "the first stop leads to the content");
    await tabTo(page, (now) => /<summary/.test(now.what));
    await page.keyboard.press("Enter");
    assert.ok(await page.locator(".office-help-text").isVisible(), "the help does not open");

    await tabTo(page, (now) => now.name === "q");
    const word = (await page.locator("tbody th a").first().innerText()).split(" ")[0];
    await page.keyboard.type(word);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/office/services?*q=${encodeURIComponent(word)}*`);

    await page.locator("#main").focus();
    const order = await tabTo(page, (now) => /sort-mark/.test(now.what) || /sort=/.test(now.what));
    await page.keyboard.press("Enter");
    await page.waitForURL(/sort=/);
    assert.equal(await page.locator("thead [aria-sort]").count(), 1, `${order.text} orders nothing`);

    await page.locator("#main").focus();
    await tabTo(page, (now) => now.name === "id");
    await page.keyboard.press("Space");
    assert.match(await page.locator("[data-bulk-count]").textContent(), /1$|^1/, "the marked row is not counted");
    await tabTo(page, (now) => /^\/it\/office\/services\/[^/]+$/.test(now.path), { most: 4 });
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/office\/services\/[^/?]+$/);

    await page.locator("#main").focus();
    await tabTo(page, (now) => /\/history$/.test(now.path));
    await page.keyboard.press("Enter");
    await page.waitForURL("**/history");

    await page.keyboard.press("/");
    assert.equal((await focused(page)).id, "office-search");
    await tabTo(page, (now) => /office-initials/.test(now.what));
    await page.keyboard.press("Enter");
    await tabTo(page, (now) => now.path === "/it/account", { most: 3 });
    await page.keyboard.press("Escape");
    assert.ok(await page.locator(".office-user").evaluate((e) => !e.open), "Escape closes the menu of one's own");
  });
}

journey("the menu on a phone: opened, followed and closed by keyboard", { size: phone }, async (page) => {
  await logIn(page, "directory-editor");
  const burger = page.locator("[data-menu]");
  await burger.focus();
  await page.keyboard.press("Enter");
  assert.equal(await burger.getAttribute("aria-expanded"), "true");
  await tabTo(page, (now) => now.path === "/it/office/translations");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/office/translations");
});

journey("each home says what its role finds here", { size: desktop }, async (page) => {
  await logIn(page, "trainer");
  assert.ok(await page.locator("#role .muted").isVisible(), "a role without pages is told so");
  assert.ok(await page.locator("#tasks a[href='/it/services']").isVisible());
  await page.context().clearCookies();
  await logIn(page, "mediator");
  assert.equal(await page.locator("#role .muted").count(), 0);
  assert.ok(await page.locator("#tasks a[href='/it/mediation']").isVisible());
  await page.context().clearCookies();
  await logIn(page, "auditor");
  assert.equal(await page.locator("#role .muted").count(), 0);
  assert.ok(await page.locator("#tasks a[href='/it/office/log']").isVisible());
});

journey("an office page is there before its scripts", { size: desktop }, async (page) => {
  await logIn(page, "directory-editor");
  let held = 0;
  await page.route(/\.js$/, () => held++); // never answered: a network that lost them
  await page.goto("/it/office/services", { waitUntil: "commit" });
  await page.locator("tbody th a").first().waitFor();
  await page.locator("tbody th a").first().click({ noWaitAfter: true });
  await page.waitForURL(/\/office\/services\/[^/?]+$/, { waitUntil: "commit" });
  await page.locator("h1").waitFor();
  assert.ok(held > 0);
});
