// SPDX-License-Identifier: EUPL-1.2
//
// A visitor of the site: a fresh browser profile that is watched. It is a problem when a
// page asks another host for anything, breaks the content security policy, writes an
// error to the console or throws.
import { chromium } from "playwright-core";

export const origin = process.env.APPRODO_ORIGIN ?? "";

const quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions", "--mute-audio"];

// No name but this machine's leads anywhere, so that a request that slips past the
// watch can't leave either.
const alone = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost";

let running;

// browser starts Chromium once for a file of tests.
export function browser() {
  if (!process.env.CHROMIUM) throw new Error("CHROMIUM must name the browser: run 'make e2e'");
  running ??= chromium.launch({ executablePath: process.env.CHROMIUM, headless: true, args: ["--headless", "--no-sandbox", ...quiet, alone] });
  return running;
}

export async function closeBrowser() {
  await (await running)?.close();
  running = undefined;
}

export const phone = { width: 360, height: 740 };
export const desktop = { width: 1280, height: 900 };

// visitor opens a page in a profile of its own. expected are console messages that the
// journey brings about on purpose.
export async function visitor({ size = phone, language = "it", js = true, base = origin, expected = [], ...more } = {}) {
  const context = await (await browser()).newContext({
    baseURL: base, viewport: size, javaScriptEnabled: js, locale: language, timezoneId: "Europe/Rome", hasTouch: size === phone, reducedMotion: "reduce", ...more,
  });
  context.setDefaultTimeout(10_000);
  const problems = [];
  watch(context, base, problems, expected);
  const page = await context.newPage();
  return { context, page, problems };
}

function watch(context, base, problems, expected) {
  const host = new URL(base).host;
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (/^(https?|wss?):$/.test(url.protocol) && url.host !== host) problems.push(`request to another host: ${request.url()}`);
  });
  context.on("console", (message) => {
    if (message.type() !== "error" && !/Content Security Policy/i.test(message.text())) return;
    const said = `${message.text()} (${message.location().url})`;
    if (!expected.some((pattern) => pattern.test(said))) problems.push(`console: ${said}`);
  });
  context.on("weberror", (error) => problems.push(`script error: ${error.error()?.stack ?? error.error()}`));
  context.on("response", (answer) => {
    if (answer.status() >= 500) problems.push(`${answer.status()} for ${answer.url()}`);
  });
}
