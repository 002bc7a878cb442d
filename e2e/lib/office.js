// SPDX-License-Identifier: EUPL-1.2
//
// How an example account of the demo network logs in. Its second factor, where it has one, is shown on
// the page: the demo says so.

// logIn opens the office as somebody with a role: "directory-editor".
export async function logIn(page, role, password = process.env.APPRODO_PASSWORD) {
  await page.goto("/it/login?next=/it/office");
  await page.locator("[name=email]").fill(`${role}@rete.example`);
  await page.locator("[name=password]").fill(password);
  await page.locator("main form button.btn-primary[type=submit]").first().click();
  await page.waitForURL(/second|office/);
  if (/second/.test(page.url())) {
    const code = (await page.locator("main").textContent()).match(/\d{3}\s?\d{3}/)[0];
    await page.locator("[name=code]").fill(code.replace(/\s/g, ""));
    await page.locator("main form button.btn-primary[type=submit]").first().click();
    await page.waitForURL(/office/);
  }
}
