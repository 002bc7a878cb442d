// SPDX-License-Identifier: EUPL-1.2
//
// npm run screenshots: makes docs/screenshots again, in Italian and Arabic, on a phone
// and on a desk. What is seen is the demo network, at the moment of the picture.
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { start } from "./lib/server.js";

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), "../docs/screenshots");
const most = 2_000_000; // bytes, all together
const screens = { phone: { width: 360, height: 780 }, desktop: { width: 1280, height: 860 } };

const server = await start({ address: "https://servizi.example" });
process.env.APPRODO_ORIGIN = server.origin;
const { closeBrowser, visitor } = await import("./lib/browser.js");
const { places, questions } = await import("./lib/site.js");

async function picture(page, name, before = async () => {}) {
  await page.evaluate(() => document.fonts.ready);
  await before();
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: "disabled" });
}

// offline shows the page that stands in for all others in a tunnel.
async function offline(page, context, language, size) {
  const { territory } = await places();
  await page.goto(`/${language}/offline?territory=${encodeURIComponent(territory)}`);
  await page.locator("[data-offline-choose] button[type=submit]").click();
  await page.locator("[data-copies]:not([hidden])").waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await context.setOffline(true);
  await page.goto(`/${language}/`);
  await page.locator("#offline-q").fill(questions[language]);
  await page.locator("[data-offline-results] article").first().waitFor();
  await picture(page, `offline-${language}-${size}`, () => page.locator("#copies-title").evaluate((title) => scrollTo(0, title.getBoundingClientRect().top - 20)));
  await context.setOffline(false);
}

async function walk(language, size) {
  const { context, page } = await visitor({ language, size: screens[size] });
  const at = await places();
  await page.goto(`/${language}/`);
  await picture(page, `home-${language}-${size}`);
  await page.goto(`/${language}/services?${new URLSearchParams({ q: questions[language] })}`);
  if (size === "desktop") await page.locator("[data-map] .map-pin").first().waitFor();
  await picture(page, `results-${language}-${size}`);
  await page.goto(`/${language}/services/${at.translated}`);
  await picture(page, `service-${language}-${size}`);
  await offline(page, context, language, size);
  await context.close();
}

// sheet is the list as it comes out of a printer: A4 at 96 dots an inch.
async function sheet(language, other) {
  const { context, page } = await visitor({ language, size: { width: 794, height: 1123 } });
  const at = await places();
  await page.goto(`/${language}/shortlist?ids=${at.translated},${at.italian}&with=${other}`);
  await page.emulateMedia({ media: "print" });
  await page.locator("body").evaluate((paper) => Object.assign(paper.style, { padding: "15mm", minHeight: "100vh" }));
  await picture(page, `sheet-${language}-${other}`);
  await context.close();
}

try {
  await mkdir(folder, { recursive: true });
  for (const old of await readdir(folder)) if (old.endsWith(".png")) await rm(path.join(folder, old));
  for (const language of ["it", "ar"]) for (const size of ["phone", "desktop"]) await walk(language, size);
  await sheet("it", "ar");
  await sheet("ar", "it");
  let total = 0;
  for (const name of (await readdir(folder)).sort()) {
    const { size } = await stat(path.join(folder, name));
    total += size;
    console.log(`${String(Math.round(size / 1000)).padStart(5)} KB  docs/screenshots/${name}`);
  }
  console.log(`${String(Math.round(total / 1000)).padStart(5)} KB  together`);
  if (total > most) throw new Error(`more than ${most} bytes: too much for a repository`);
} finally {
  await closeBrowser();
  await server.stop();
}
