// SPDX-License-Identifier: EUPL-1.2
//
// Every page in a language at a width: its language and direction are said, nothing is
// wider than the screen, and axe finds nothing (WCAG 2.2 AA). What axe looks at is the same markup in every
// language: it reads all pages once for each kind of script and width, and elsewhere those in which
// languages meet.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { journey } from "./journey.js";
import { dir, pages } from "./site.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// inspect runs axe in the page, whose policy allows no script of others: it comes in
// through the debugger. without are rules to leave out.
export async function inspect(page, without = []) {
  await page.evaluate(axe);
  const found = await page.evaluate((without) =>
    axe.run(document, {
      rules: Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
      runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
      resultTypes: ["violations"],
    }), without);
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")} ${node.failureSummary.split("\n").slice(1).join(" ").trim()}`));
}

// tooWide lists what reaches beyond the screen, when the page scrolls sideways.
export function tooWide(page) {
  return page.evaluate(() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const beyond = [...document.body.querySelectorAll("*")].filter((e) => {
      const box = e.getBoundingClientRect();
      return box.width > 0 && (box.right > root.clientWidth + 1 || box.left < -1);
    });
    return [`${root.scrollWidth} pixels on a screen of ${root.clientWidth}`, ...beyond.slice(0, 5).map((e) => `${e.tagName.toLowerCase()}.${e.className}: ${e.textContent.trim().slice(0, 60)}`)];
  });
}

// meeting are pages with texts of several languages.
const meeting = new Set(["service", "service in Italian alone"]);

// sweep goes through all pages in one visit; whole says that axe reads all of them.
export function sweep(language, size, whole = false) {
  journey(`all pages in ${language} at ${size.width} pixels`, { language, size, expected: [/status of 404/] }, async (page, { t }) => {
    for (const [name, address] of await pages(language)) {
      await t.test(name, async () => {
        const answer = await page.goto(`/${language}${address}`);
        assert.equal(answer.status(), 200);
        const html = page.locator("html");
        assert.equal(await html.getAttribute("lang"), language);
        assert.equal(await html.getAttribute("dir"), dir(language));
        assert.notEqual((await page.title()).trim(), "");
        assert.equal(await page.locator("h1").count(), 1);
        assert.deepEqual(await tooWide(page), []);
        if (whole || meeting.has(name)) assert.deepEqual(await inspect(page), []);
      });
    }
    await t.test("page that is not there", async () => {
      const answer = await page.goto(`/${language}/nothing-here`);
      assert.equal(answer.status(), 404);
      assert.deepEqual(await tooWide(page), []);
      assert.deepEqual(await inspect(page), []);
    });
  });
}
