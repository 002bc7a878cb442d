// SPDX-License-Identifier: EUPL-1.2
//
// What a first visit costs: everything that is transferred until the page is whole, in
// every language, compressed as phones ask for it.
import assert from "node:assert/strict";
import test, { after } from "node:test";
import { closeBrowser, desktop, phone, visitor } from "../lib/browser.js";
import { languages, places, questions } from "../lib/site.js";

const most = 100_000; // bytes

// weigh opens an address in an empty profile and adds up what came over the wire.
async function weigh(language, address, { size = phone, until } = {}) {
  const { context, page, problems } = await visitor({ language, size });
  try {
    const wire = await context.newCDPSession(page);
    await wire.send("Network.enable");
    const parts = new Map();
    const encodings = new Map();
    wire.on("Network.responseReceived", ({ requestId, response, type }) => {
      parts.set(requestId, { url: new URL(response.url).pathname, bytes: 0 });
      encodings.set(type, response.headers["Content-Encoding"] ?? response.headers["content-encoding"]);
    });
    wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      if (parts.has(requestId)) parts.get(requestId).bytes = encodedDataLength;
    });
    await page.goto(address, { waitUntil: "networkidle" });
    if (until) await page.locator(until).first().waitFor();
    const list = [...parts.values()].sort((a, b) => b.bytes - a.bytes);
    return { list, total: list.reduce((sum, one) => sum + one.bytes, 0), encodings, problems };
  } finally {
    await context.close();
  }
}

after(closeBrowser);

for (const language of languages) {
  test(`first view in ${language} under 100 KB`, async (t) => {
    const { translated } = await places();
    const addresses = { home: "/", results: `/services?${new URLSearchParams({ q: questions[language] })}`, service: `/services/${translated}` };
    for (const [name, address] of Object.entries(addresses)) {
      const { list, total, encodings, problems } = await weigh(language, `/${language}${address}`);
      t.diagnostic(`${language} ${name}: ${(total / 1000).toFixed(1)} KB in ${list.length} requests`);
      assert.equal(encodings.get("Document"), "br", `${name} is not sent compressed by Brotli`);
      assert.equal(encodings.get("Stylesheet"), "br");
      assert.equal(encodings.get("Script"), "br");
      assert.ok(total < most, `${name} in ${language}: ${total} bytes\n${list.map((one) => `  ${one.bytes} ${one.url}`).join("\n")}`);
      assert.deepEqual(problems, []);
    }
  });
}

// On a wide screen the map is part of the first view of the results.
for (const language of ["it", "ar"]) {
  test(`first view of the results with their map in ${language} under 100 KB`, async (t) => {
    const { list, total, problems } = await weigh(language, `/${language}/services?${new URLSearchParams({ q: questions[language] })}`, { size: desktop, until: ".map-pin" });
    t.diagnostic(`${language} results and map: ${(total / 1000).toFixed(1)} KB in ${list.length} requests`);
    assert.ok(list.some((one) => /\/map\./.test(one.url)), "the map was not there to be weighed");
    assert.ok(total < most, `${total} bytes\n${list.map((one) => `  ${one.bytes} ${one.url}`).join("\n")}`);
    assert.deepEqual(problems, []);
  });
}
