// SPDX-License-Identifier: EUPL-1.2
//
// Several people at work over one server: each logs in once, when first needed, and stays. Where a journey
// passes from one to the other, nobody waits for a next one-time code.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { examples, local, login } from "./account.js";
import { closeBrowser, desktop, visitor } from "./browser.js";
import { start } from "./server.js";

// people starts a server and gives how to meet somebody at their desk, and how to walk with them.
export function people(options = {}) {
  const met = {}, house = { server: undefined, base: "" };
  let known;

  before(async () => {
    house.server = await start(typeof options === "function" ? await options() : options);
    house.base = local(house.server.origin);
    known = await examples(house.server);
  });

  after(async () => {
    await closeBrowser();
    await house.server?.stop();
  });

  // as gives the page of somebody by their role: "auditor".
  house.as = async (role) => {
    if (!met[role]) {
      met[role] = await visitor({ base: house.base, size: desktop });
      await login(met[role].page, known[role], "/it/office");
    }
    return met[role].page;
  };

  // stranger opens a page without an account; the caller closes it.
  house.stranger = (more) => visitor({ base: house.base, ...more });

  // walk is a journey; expected are messages of the console that it brings about on purpose.
  house.walk = (name, steps, expected = []) => test(name, async () => {
    for (const one of Object.values(met)) one.problems.length = 0;
    try {
      await steps();
    } catch (problem) {
      problem.stack += Object.entries(met).map(([role, { page }]) => `\n  ${role} was at ${page.url()}`).join("");
      throw problem;
    }
    const problems = Object.values(met).flatMap((one) => one.problems).filter((said) => !expected.some((pattern) => pattern.test(said)));
    assert.deepEqual(problems, []);
  });
  return house;
}

// said is the text of the main part of a page.
export const said = (page) => page.locator("main").textContent();
