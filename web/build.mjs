// SPDX-License-Identifier: EUPL-1.2
//
// Builds what internal/kit/web/static holds from the sources in this folder. The
// same sources give the same bytes on every machine: no dates, no paths, sorted
// input, versions pinned in package-lock.json. The compressed forms are made by
// internal/kit/web/pack afterwards (npm run build does both).
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync, rmSync, mkdirSync, existsSync, copyFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import path from "node:path";
import * as sass from "sass";
import * as esbuild from "esbuild";
import rtlcss from "rtlcss";

const require = createRequire(import.meta.url);
const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, "../internal/kit/web/static");
const modules = path.join(here, "node_modules");

const write = (name, data) => writeFileSync(path.join(out, name), data);

// The compressed forms stay until pack replaces them: a build is never half there
// for whoever compiles meanwhile.
function clean() {
  mkdirSync(out, { recursive: true });
  for (const name of readdirSync(out)) if (name.endsWith(".woff2")) rmSync(path.join(out, name));
}

// fonts copies the Latin files under names that carry their hash, because the style
// sheet names them, and returns the names for Sass.
function fonts() {
  const names = {};
  for (const weight of ["400", "700"]) {
    const source = path.join(modules, `@fontsource/titillium-web/files/titillium-web-latin-${weight}-normal.woff2`);
    const hash = createHash("sha256").update(readFileSync(source)).digest("hex").slice(0, 12);
    names[weight] = `titillium-${weight}.${hash}.woff2`;
    copyFileSync(source, path.join(out, names[weight]));
  }
  return names;
}

// styles compiles one sheet, trims and minifies it. Browsers of the last five years
// or so: what people carry who buy phones second hand.
const target = ["chrome90", "firefox90", "safari14.1"];

function styles(file, fontNames) {
  const result = sass.compile(path.join(here, "styles", file), {
    loadPaths: [path.join(modules, "bootstrap-italia/src/scss"), modules, path.join(here, "styles")],
    quietDeps: true, logger: sass.Logger.silent, style: "expanded", charset: false,
    functions: { "font-file($weight)": ([weight]) => new sass.SassString(fontNames[weight.assertString().text]) },
  });
  return result.css;
}

// The slash comment of Bootstrap's licence and the rtl hints go; the licence text is in licences.txt.
const minify = (css) =>
  esbuild.transformSync(css, { loader: "css", minify: true, target, legalComments: "none" }).code;

function refuse(css, name) {
  for (const bad of [/url\(\s*["']?data:/, /url\(\s*["']?https?:/, /@import/]) {
    if (bad.test(css)) throw new Error(`${name}: ${bad} would break the content security policy`);
  }
}

function buildStyles() {
  const fontNames = fonts();
  const site = withoutData(styles("site.scss", fontNames));
  const office = withoutData(styles("office.scss", fontNames));
  const sheets = {
    "site.css": site,
    "site.rtl.css": rtlcss.process(site),
    "office.css": office,
    "office.rtl.css": rtlcss.process(office),
    "login.css": styles("login.scss", fontNames),
    "map.css": withoutPictures(styles("map.scss", fontNames)),
    "plain.css": styles("plain.scss", fontNames),
  };
  for (const [name, css] of Object.entries(sheets)) {
    const small = minify(css);
    refuse(small, name);
    write(name, small);
  }
}

// withoutData drops declarations with data: pictures, which the policy forbids; our
// own rules draw check marks and arrows without them.
function withoutData(css) {
  return css.replace(/[\w-]+:\s*[^;{}]*url\((["']?)data:(?:"[^"]*"|'[^']*'|[^"';)])*\1\)[^;}]*;?/g, "");
}

// withoutPictures drops the picture files of Leaflet: our pins are drawn by CSS.
function withoutPictures(css) {
  return css.replace(/(?:background-image|behavior):\s*url\([^)]*\);?/g, "");
}

async function buildScripts() {
  const common = { bundle: true, minify: true, target, format: "iife", legalComments: "none", write: false, absWorkingDir: here };
  for (const [entry, name] of [["scripts/site.js", "site.js"], ["scripts/office.js", "office.js"], ["scripts/map.js", "map.js"], ["scripts/passkey.js", "passkey.js"], ["scripts/keep.js", "keep.js"], ["scripts/sw.js", "sw.js"], ["scripts/push.js", "push.js"], ["scripts/push-worker.js", "push-worker.js"], ["scripts/field.js", "field.js"], ["scripts/field-worker.js", "field-worker.js"], ["scripts/agenda.js", "agenda.js"], ["scripts/agenda-worker.js", "agenda-worker.js"]]) {
    const result = await esbuild.build({ ...common, entryPoints: [entry], outfile: name });
    write(name, result.outputFiles[0].contents);
  }
}

const stock = readFileSync(require.resolve("bootstrap-italia/dist/svg/sprites.svg"), "utf8");
const inner = (svg) => svg.replace(/<!--.*?-->\s*/gs, "").match(/<svg[^>]*>(.*)<\/svg>/s)[1];
const box = (svg) => svg.match(/viewBox="([^"]+)"/)[1];

// sprites puts drawings into one file: those of the stock by another name, and our own.
function sprites(file, fromStock, own) {
  const symbols = [];
  for (const [name, source] of Object.entries(fromStock)) {
    const found = stock.match(new RegExp(`<symbol[^>]*id="it-${source}"[^>]*viewBox="([^"]+)"[^>]*>(.*?)</symbol>`, "s"));
    if (!found) throw new Error(`no icon it-${source} in bootstrap-italia`);
    symbols.push([name, found[1], found[2]]);
  }
  for (const name of own) {
    const svg = readFileSync(path.join(here, "icons", `${name}.svg`), "utf8");
    symbols.push([name, box(svg), inner(svg)]);
  }
  symbols.sort(([a], [b]) => (a < b ? -1 : 1));
  write(file, `<svg xmlns="http://www.w3.org/2000/svg">${symbols
    .map(([name, viewBox, body]) => `<symbol id="${name}" viewBox="${viewBox}">${body}</symbol>`).join("")}</svg>\n`);
}

// What only operators see has a file of its own: public pages must stay small.
function buildIcons() {
  const list = JSON.parse(readFileSync(path.join(here, "icons.json"), "utf8"));
  sprites("icons.svg", list["bootstrap-italia"], list.own);
  sprites("office.svg", list.office, list["office-own"]);
  for (const name of list.alone) copyFileSync(path.join(here, "icons", `${name}.svg`), path.join(out, `${name}.svg`));
  for (const size of [180, 192, 512]) copyFileSync(path.join(here, "icons", `icon-${size}.png`), path.join(out, `icon-${size}.png`));
  copyFileSync(path.join(here, "icons", "card.png"), path.join(out, "card.png"));
}

// buildLicences gathers the licence texts of what is shipped, as those licences ask.
function buildLicences() {
  const parts = ["bootstrap-italia/LICENSE", "leaflet/LICENSE", "@fontsource/titillium-web/LICENSE"].map((file) =>
    `${path.dirname(file)}\n\n${readFileSync(path.join(modules, file), "utf8").replace(/\r\n/g, "\n").trim()}\n`);
  write("licences.txt", parts.join("\n----\n\n"));
}

if (!existsSync(modules)) throw new Error("run npm ci --ignore-scripts first");
clean();
buildStyles();
await buildScripts();
buildIcons();
buildLicences();
