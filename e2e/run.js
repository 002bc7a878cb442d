// SPDX-License-Identifier: EUPL-1.2
//
// npm test: starts one server on SQLite and one on PostgreSQL for all journeys, then
// runs them with Node's test runner, which prints the totals. One file alone:
//   node run.js test/search.test.js
import { readdirSync } from "node:fs";
import path from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";
import { database, fill, start } from "./lib/server.js";

const here = path.dirname(fileURLToPath(import.meta.url));

// These take longest and begin first, so that at the end nobody waits for one of them alone.
const longest = ["sweep_office", "sweep_scripts", "sweep_latin", "mediation", "runs", "login", "roster", "mediation_booking", "editing", "calendar"].map((name) => `${name}.test.js`);

// Journeys wait for pages, letters and calls as often as for a processor.
const atOnce = 3;

async function tests(files) {
  let code = 0;
  const told = run({ files, concurrency: atOnce }).on("test:fail", () => (code = 1)).compose(new spec());
  for await (const part of told) process.stdout.write(part);
  return code;
}

async function main(files) {
  const left = []; // how to put things away, the last first
  let code = 1;
  try {
    left.push(await fill());
    const base = await database();
    left.push(base.drop);
    const [plain, large] = await Promise.allSettled([start(), start({ database: base.url })]);
    for (const one of [plain, large]) if (one.status === "fulfilled") left.push(one.value.stop);
    for (const one of [plain, large]) if (one.status === "rejected") throw one.reason;
    Object.assign(process.env, { APPRODO_ORIGIN: plain.value.origin, APPRODO_ORIGIN_POSTGRES: large.value.origin, APPRODO_PASSWORD: plain.value.password, APPRODO_PASSWORD_POSTGRES: large.value.password });
    code = await tests(files);
    const troubles = [plain, large].flatMap((one) => one.value.log().match(/^.*(level=ERROR|panic).*$/gm) ?? []);
    if (troubles.length > 0) {
      console.error(`the server reported errors:\n${troubles.join("\n")}`);
      code ||= 1;
    }
  } finally {
    for (const put of left.reverse()) {
      await put().catch((problem) => {
        console.error(problem.message);
        code ||= 1;
      });
    }
  }
  return code;
}

const named = process.argv.slice(2);
const all = readdirSync(path.join(here, "test")).filter((name) => name.endsWith(".test.js")).sort();
process.exitCode = await main(named.length > 0 ? named : [...new Set([...longest, ...all])].map((name) => path.join(here, "test", name)));
