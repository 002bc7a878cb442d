// SPDX-License-Identifier: EUPL-1.2
//
// The real program on a free port of this machine, over the demo network in a folder
// (or a PostgreSQL database) that is gone afterwards.
import { execFile, spawn } from "node:child_process";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const longestStart = 30_000; // ms

const demo = async (command) => JSON.parse(await command("demo", "--json")).accounts;

// fill makes a folder with the demo network, once for all files of tests: start serves copies of it.
export async function fill() {
  const folder = await mkdtemp(path.join(tmpdir(), "approdo-e2e-demo-"));
  const accounts = await demo(commands(["--data", folder]));
  process.env.APPRODO_FILLED = JSON.stringify({ folder, accounts });
  return () => rm(folder, { recursive: true, force: true });
}

// commands runs the program with these flags.
const commands = (flags) => async (...args) => (await run(process.env.APPRODO_BIN, [...args, ...flags], { maxBuffer: 1 << 24 })).stdout;

// start fills and serves; stop ends the server and removes what it kept. log gives
// what it wrote, command runs the program beside it, and data is its folder. address is what the pages
// say of themselves, on paper and in codes; empty leaves the demo network out; more are flags of serve.
export async function start({ database = "", address = "", empty = false, more = [] } = {}) {
  const program = process.env.APPRODO_BIN;
  if (!program) throw new Error("APPRODO_BIN must name the program to test: run 'make e2e'");
  const data = await mkdtemp(path.join(tmpdir(), "approdo-e2e-"));
  const flags = ["--data", data, ...(database ? ["--database", database] : [])];
  try {
    const command = commands(flags);
    const copy = database || empty || !process.env.APPRODO_FILLED ? undefined : JSON.parse(process.env.APPRODO_FILLED);
    if (copy) await cp(copy.folder, data, { recursive: true });
    const accounts = copy?.accounts ?? (empty ? [] : await demo(command));
    const { child, log } = await serve(program, [...flags, "--addr", `127.0.0.1:${await freePort()}`, ...(address ? ["--public-url", address] : []), ...more]);
    const stop = () => ended(child, log).finally(() => rm(data, { recursive: true, force: true }));
    return { origin: log().match(/http:\/\/\S+/)[0], accounts, password: accounts[0]?.Password ?? "", stop, log, command, data };
  } catch (problem) {
    await rm(data, { recursive: true, force: true });
    throw problem;
  }
}

// freePort asks the system for one; PDFs need to know it before the server listens.
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function serve(program, flags) {
  const child = spawn(program, ["serve", ...flags], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
  const until = Date.now() + longestStart;
  while (!/Approdo is at http/.test(said)) {
    if (child.exitCode !== null || Date.now() > until) {
      child.kill("SIGKILL");
      throw new Error(`approdo serve did not start:\n${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { child, log: () => said };
}

// ended asks politely, as a service manager does, and reports a program that does not go.
async function ended(child, log) {
  if (child.exitCode !== null) throw new Error(`approdo serve ended by itself with ${child.exitCode}:\n${log().slice(-2000)}`);
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const slow = setTimeout(() => child.kill("SIGKILL"), 15_000);
  const code = await gone;
  clearTimeout(slow);
  if (code !== 0) throw new Error(`approdo serve ended with ${code ?? "SIGKILL, since it did not stop when asked"}`);
}

// database makes an empty one on the server of APPRODO_TEST_POSTGRES.
export async function database() {
  const server = process.env.APPRODO_TEST_POSTGRES;
  if (!server) throw new Error("APPRODO_TEST_POSTGRES must name a PostgreSQL server: run 'make e2e'");
  const name = `approdo_e2e_${process.pid}_${Date.now().toString(36)}`;
  const psql = await findPsql();
  const say = (sql) => run(psql, ["--no-psqlrc", "--quiet", "--dbname", server, "--command", sql]);
  await say(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`);
  const url = server.replace(/^(postgres(?:ql)?:\/\/[^/]*\/)[^?]*/, `$1${name}`);
  return { url, drop: () => say(`DROP DATABASE ${name} WITH (FORCE)`) };
}

async function findPsql() {
  const candidates = [process.env.PG_BIN && path.join(process.env.PG_BIN, "psql"), "psql"];
  const debian = "/usr/lib/postgresql";
  for (const version of (await readdir(debian).catch(() => [])).sort().reverse()) candidates.push(path.join(debian, version, "bin/psql"));
  for (const candidate of candidates.filter(Boolean)) {
    if (await run(candidate, ["--version"]).then(() => true, () => false)) return candidate;
  }
  throw new Error("psql is missing: it comes with PostgreSQL; PG_BIN can name its folder");
}
