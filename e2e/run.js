// SPDX-License-Identifier: EUPL-1.2
//
// npm test: starts one server on SQLite and one on PostgreSQL for all journeys, then
// runs them with Node's test runner, which prints the totals. One file alone:
//   node run.js test/search.test.js
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { database, start } from "./lib/server.js";

const here = path.dirname(fileURLToPath(import.meta.url));

function tests(files, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--test", "--test-concurrency=2", "--test-reporter=spec", ...files], { stdio: "inherit", env: { ...process.env, ...env } });
    child.once("error", reject).once("exit", (code) => resolve(code ?? 1));
  });
}

async function main(files) {
  const left = []; // how to put things away, the last first
  let code = 1;
  try {
    const base = await database();
    left.push(base.drop);
    const [plain, large] = await Promise.allSettled([start(), start({ database: base.url })]);
    for (const one of [plain, large]) if (one.status === "fulfilled") left.push(one.value.stop);
    for (const one of [plain, large]) if (one.status === "rejected") throw one.reason;
    code = await tests(files, { APPRODO_ORIGIN: plain.value.origin, APPRODO_ORIGIN_POSTGRES: large.value.origin, APPRODO_PASSWORD: plain.value.password, APPRODO_PASSWORD_POSTGRES: large.value.password });
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
process.exitCode = await main(named.length > 0 ? named : all.map((name) => path.join(here, "test", name)));
