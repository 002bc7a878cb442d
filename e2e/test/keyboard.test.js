// SPDX-License-Identifier: EUPL-1.2
//
// The whole way with the keyboard alone: skip link, search, open a result, keep it,
// open the list. What has the focus must be seen.
import assert from "node:assert/strict";
import { desktop } from "../lib/browser.js";
import { journey } from "../lib/journey.js";

const focused = (page) => page.evaluate(() => {
  const e = document.activeElement;
  const box = e.getBoundingClientRect();
  const style = getComputedStyle(e);
  return {
    what: e.outerHTML.slice(0, 160), href: e.getAttribute("href"), keep: e.dataset.keep ?? "", kind: e.className, id: e.id,
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    marked: style.outlineStyle !== "none" && style.outlineWidth !== "0px" || style.boxShadow !== "none" || e.closest(".search-input, .tile, .choice")?.matches(":focus-within") === true,
  };
});

// tabTo presses Tab (or Shift+Tab) until what has the focus is what is wanted; on the
// way nothing may have the focus unseen.
async function tabTo(page, wanted, { most = 80, key = "Tab" } = {}) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press(key);
    const now = await focused(page);
    assert.ok(now.seen, `the focus is out of sight: ${now.what}`);
    assert.ok(now.marked, `the focus is not marked: ${now.what}`);
    if (wanted(now)) return now;
  }
  throw new Error(`not reached in ${most} steps`);
}

for (const [language, words] of [["it", "medico"], ["ar", "طبيب"]]) {
  journey(`the keyboard alone, in ${language}`, { size: desktop, language }, async (page) => {
    await page.goto(`/${language}/`);
    await page.keyboard.press("Tab");
    const skip = await focused(page);
    assert.equal(skip.href, "#main", "the first stop is not the way to the content");
    assert.ok(skip.seen, "the skip link is not seen when it has the focus");
    await page.keyboard.press("Enter");
    assert.equal((await focused(page)).id, "main");

    await tabTo(page, (now) => /type="search"/.test(now.what), { most: 3 });
    await page.keyboard.type(words);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/services?**");

    const result = await tabTo(page, (now) => /tile-link/.test(now.kind));
    await page.keyboard.press("Enter");
    await page.waitForURL(`**${result.href}`);

    await tabTo(page, (now) => now.keep !== "");
    await page.keyboard.press("Space");
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-pressed")), "true");
    assert.equal(await page.locator("[data-shortlist-count]").first().innerText(), "1");

    await tabTo(page, (now) => /data-shortlist/.test(now.what), { key: "Shift+Tab" });
    await page.keyboard.press("Enter");
    await page.waitForURL("**/shortlist?ids=*");
    assert.equal(await page.locator(".sheet-item").count(), 1);
  });
}

journey("menus open and close by keyboard, and the focus stays where one was", { size: desktop }, async (page) => {
  await page.goto("/it/services");
  await tabTo(page, (now) => /<summary/.test(now.what));
  await page.keyboard.press("Enter");
  await page.locator(".lang-menu a[data-lang=ar]").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".lang-menu").evaluate((e) => e.open), false);
  assert.match((await focused(page)).what, /<summary/);
});
