// SPDX-License-Identifier: EUPL-1.2
//
// Somebody in danger: the lines to call come first, and one key or tap leaves the page.
import assert from "node:assert/strict";
import { journey } from "../lib/journey.js";
import { places } from "../lib/site.js";

const urgent = { it: "mio marito mi picchia", en: "my husband beats me", ar: "زوجي يضربني", ur: "شوہر مارتا ہے", zh: "家暴" };

for (const [language, question] of Object.entries(urgent)) {
  journey(`"${question}": the helplines stand before every result`, { language }, async (page) => {
    const answer = await page.goto(`/${language}/services?q=${encodeURIComponent(question)}`);
    assert.match(answer.headers()["cache-control"], /no-store/);
    const line = page.locator(".helplines a[href='tel:1522']");
    await line.waitFor();
    const first = page.locator("#results .tile-link").first();
    if ((await first.count()) > 0) {
      const [above, below] = [await line.boundingBox(), await first.boundingBox()];
      assert.ok(above.y < below.y, "a result stands before the helplines");
      const order = await page.evaluate(() => document.querySelector(".helplines").compareDocumentPosition(document.querySelector("#results .tile-link")));
      assert.equal(order & 4, 4, "who listens to the page hears a result before the helplines");
    }
    assert.doesNotMatch(await page.title(), new RegExp(question), "what was asked stands in the title of the window");
  });
}

journey("while one types, the helplines come up too", {}, async (page) => {
  await page.goto("/it/services?q=scuola");
  assert.equal(await page.locator(".helplines").count(), 0);
  await page.locator("#q").fill("");
  await page.locator("#q").pressSequentially("violenza");
  await page.locator(".helplines a[href='tel:1522']").waitFor();
  // Who shares the phone reads its history: neither the address nor the title tells what was asked.
  assert.equal(new URL(page.url()).search, "");
  assert.doesNotMatch(await page.title(), /violenza/i);
});

journey("a question about violence is in no address, sent from the start page or from the results", {}, async (page) => {
  const visited = [];
  page.on("framenavigated", (frame) => visited.push(frame.url()));
  await page.goto("/it/");
  await page.locator("form[role=search] input[name=q]").fill("mio marito mi picchia");
  await page.keyboard.press("Enter");
  await page.locator("#results .helplines a[href='tel:1522']").waitFor();
  assert.equal(await page.locator("#q").inputValue(), "mio marito mi picchia");
  await page.locator("#q").fill("violenza");
  await page.keyboard.press("Enter");
  await page.locator("#results:focus .helplines").waitFor();
  assert.deepEqual(visited.filter((address) => /picchia|violenza/.test(address)), []);
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
});

journey("any other question has its address, to share and to come back to", {}, async (page) => {
  await page.goto("/it/");
  await page.locator("form[role=search] input[name=q]").fill("scuola");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/it/services?q=scuola");
});

journey("the title of a page about violence does not tell what it is about", {}, async (page) => {
  const { reserved } = await places();
  for (const path of [`/it/services/${reserved}`, "/it/needs/gender-violence"]) {
    await page.goto(path);
    const about = (await page.locator("h1").innerText()).trim();
    assert.ok(about !== "" && !(await page.title()).includes(about), `${path}: ${await page.title()}`);
  }
});

// gone checks that the page that was left can't be seen again by going back.
async function gone(page, left) {
  await page.waitForURL("**/exit");
  assert.doesNotMatch(await page.locator("html").innerText(), /approdo/i);
  assert.doesNotMatch(await page.title(), /approdo/i);
  assert.deepEqual(await page.evaluate(() => [localStorage.getItem("shortlist"), sessionStorage.length]), [null, 0]);
  await page.goBack();
  assert.notEqual(new URL(page.url()).pathname, left);
}

async function openReserved(page) {
  const { reserved, translated } = await places();
  await page.goto(`/it/services/${translated}`);
  await page.locator("[data-keep]").first().click();
  await page.goto("/it/services?need=gender-violence");
  await page.goto(`/it/services/${reserved}`);
  return `/it/services/${reserved}`;
}

journey("quick exit by its button", {}, async (page) => {
  const left = await openReserved(page);
  await page.locator("[data-exit]").click();
  await gone(page, left);
});

journey("quick exit by pressing Escape three times, from inside the search box too", {}, async (page) => {
  const left = await openReserved(page);
  for (let i = 0; i < 3; i++) await page.keyboard.press("Escape");
  await gone(page, left);

  await page.goto("/it/services?q=violenza");
  await page.locator("#q").focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press("Escape");
  await page.waitForURL("**/exit");
});

journey("two Escapes do not leave", {}, async (page) => {
  const left = await openReserved(page);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.waitForTimeout(300);
  assert.equal(new URL(page.url()).pathname, left);
});

journey("quick exit works without JavaScript", { js: false }, async (page) => {
  await page.goto("/ar/needs/gender-violence");
  await page.locator("[data-exit]").click();
  await page.waitForURL("**/ar/exit");
});

journey("quick exit stays in sight while one scrolls, on every kind of page", {}, async (page) => {
  for (const path of ["/it/", "/it/services?q=medico", "/it/needs", "/it/privacy"]) {
    await page.goto(path);
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    const box = await page.locator("[data-exit]").boundingBox();
    assert.ok(box && box.y >= 0 && box.y + box.height <= 740, `${path}: the exit is out of sight at the end of the page`);
  }
});
