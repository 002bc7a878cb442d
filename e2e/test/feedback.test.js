// SPDX-License-Identifier: EUPL-1.2
//
// "Is this clear?" in one tap and "report a mistake", with a script and without.
import assert from "node:assert/strict";
import { journey } from "../lib/journey.js";
import { places } from "../lib/site.js";

for (const js of [true, false]) {
  const how = js ? "with JavaScript" : "without JavaScript";

  journey(`is this clear? One tap, ${how}`, { js, language: "uk" }, async (page) => {
    const { translated } = await places();
    await page.goto(`/uk/services/${translated}`);
    await page.locator(".feedback-clear button[value=clear]").click();
    await page.waitForURL(/thanks=1/);
    assert.ok(await page.locator(".notice-success").isVisible());
  });

  journey(`a word why it is not clear, ${how}`, { js }, async (page) => {
    const { translated } = await places();
    await page.goto(`/it/services/${translated}`);
    await page.locator(".feedback-clear details summary").click();
    await page.locator("#word").fill("Non capisco che cosa devo portare");
    await page.locator(".feedback-clear button[value=unclear]").click();
    await page.waitForURL(/thanks=1/);
    assert.ok(await page.locator(".notice-success").isVisible());
  });

  journey(`a mistake is reported; what is missing is said and nothing typed is lost, ${how}`, { js }, async (page) => {
    const { italian } = await places();
    await page.goto(`/it/services/${italian}`);
    const part = page.locator(".feedback > details");
    await part.locator("summary").click();
    await part.locator("input[value=mistake-other]").check({ force: true });
    await part.locator("button[type=submit]").click();
    await page.locator(".field-error").waitFor();
    assert.ok(await part.evaluate((e) => e.open), "the form is folded away with its error");
    assert.ok(await part.locator("input[value=mistake-other]").isChecked(), "what was chosen is lost");
    await part.locator("textarea").fill("L’ufficio si è spostato");
    await part.locator("button[type=submit]").click();
    await page.waitForURL(/thanks=1/);
    assert.ok(await page.locator(".notice-success").isVisible());
  });
}
