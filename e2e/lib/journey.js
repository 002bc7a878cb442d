// SPDX-License-Identifier: EUPL-1.2
//
// A journey is one test with a visitor of its own; it fails when the visitor met a problem.
import assert from "node:assert/strict";
import test, { after } from "node:test";
import { closeBrowser, visitor } from "./browser.js";

export function journey(name, options, walk) {
  test(name, async (t) => {
    const { context, page, problems } = await visitor(options);
    try {
      await walk(page, { context, problems, t });
      await page.waitForTimeout(50); // what the last page still has to say
    } catch (problem) {
      problem.message += `\n  at ${page.url()}`;
      throw problem;
    } finally {
      await context.close();
    }
    assert.deepEqual(problems, []);
  });
}

after(closeBrowser);
