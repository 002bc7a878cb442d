// SPDX-License-Identifier: EUPL-1.2
//
// Two nodes on one PostgreSQL behind a balancer that sends every request to the other node than the one
// before: whoever works with the program does not notice, and nothing that one node refuses the other lets in.
import assert from "node:assert/strict";
import { createServer, request as ask } from "node:http";
import test, { after, before } from "node:test";
import { closeBrowser, desktop, visitor } from "../lib/browser.js";
import { examples, joined, local, password, totp } from "../lib/account.js";
import { database, start } from "../lib/server.js";

let base, leaver, nodes = [], people, store, proxy;

// balancer takes turns between nodes; served counts what each got.
function balancer(origins) {
  const served = origins.map(() => 0);
  let turn = 0;
  const server = createServer((incoming, answer) => {
    const at = turn++ % origins.length;
    served[at]++;
    const { hostname, port } = new URL(origins[at]);
    const onward = ask({ hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers }, (got) => {
      answer.writeHead(got.statusCode, got.headers);
      got.pipe(answer);
    });
    onward.on("error", (problem) => answer.writeHead(502).end(problem.message));
    incoming.pipe(onward);
  });
  const close = () => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve({ origin: `http://127.0.0.1:${server.address().port}`, served, close })));
}

before(async () => {
  store = await database();
  const first = await start({ database: store.url });
  nodes.push(first);
  // The second has a folder of its own; the keys they share.
  nodes.push(await start({ database: store.url, empty: true, more: ["--keys", `${first.data}/keys`] }));
  people = await examples(first);
  proxy = await balancer(nodes.map((node) => node.origin));
  base = local(proxy.origin);
});

after(async () => {
  await closeBrowser();
  await proxy?.close();
  const ends = await Promise.allSettled(nodes.map((node) => node.stop()));
  await store?.drop();
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  for (const node of nodes) assert.doesNotMatch(node.log(), /level=ERROR|panic/);
});

const at = (path) => (url) => url.pathname === path;

// enter logs somebody in, with the code that a phone shows.
async function enter(page, account, next) {
  await page.goto(`/it/login?next=${encodeURIComponent(next)}`);
  await password(page, account.Email, account.Password);
  if (account.Secret) {
    await page.waitForURL(/\/login\/second/);
    await page.locator("#code").fill(totp(account.Secret));
    await page.locator(".login-card button").click();
  }
  await page.waitForURL(at(next));
}

// foundOn asks one node, as anybody, until a title is there; it gives how long that took.
async function foundOn(node, path, title) {
  for (const begun = Date.now(); Date.now() - begun < 10_000; await new Promise((next) => setTimeout(next, 30))) {
    if ((await (await fetch(node.origin + path)).text()).includes(title)) return Date.now() - begun;
  }
  assert.fail(`${title} is not found at ${node.origin}`);
}

test("a card is written and published over two nodes, and found in Arabic on both", async () => {
  const { context, page, problems } = await visitor({ base, size: desktop });
  try {
    await enter(page, people["directory-editor"], "/it/office");
    await page.goto("/it/office/services/new");
    await page.locator("#name").fill("Prova di due nodi Cardamomo");
    await page.locator(".office-form button[type=submit]").first().click();
    await page.waitForURL(/services\/[0-9a-f-]{36}$/);
    const card = page.url();
    await page.locator("#summary").fill("Aiuta a preparare un colloquio di lavoro.");
    await page.locator("summary", { hasText: "Lavoro" }).first().click();
    await page.locator("input[name=needs][value=job-search]").check();
    const number = page.locator("[id='phones.0.number']");
    if (!(await number.count())) await page.locator("button[value='add:phones']").click();
    await number.fill("000 000 111");
    await page.locator("button[name=do][value=publish]").click();
    await page.getByText("La scheda è pubblica.").waitFor();
    await page.goto(`${card}/translations/ar`);
    await page.locator("[name='t/name']").fill("تدريب في عقدتين هيل");
    await page.locator("[name='t/summary']").fill("يساعد على الاستعداد لمقابلة عمل.");
    await page.locator("#group-title button[value=publish]").click();
    await page.getByText("La traduzione è pubblica.").waitFor();
    const took = await Promise.all(nodes.map((node) => foundOn(node, `/ar/services?${new URLSearchParams({ q: "هيل" })}`, "تدريب في عقدتين هيل")));
    console.log(`found in Arabic ${took.join(" and ")} ms after it was published`); // told, not tested: machines differ
  } finally {
    await context.close();
  }
  assert.deepEqual(problems, []);
  assert.ok(proxy.served[0] > 5 && Math.abs(proxy.served[0] - proxy.served[1]) <= 1, `the nodes served ${proxy.served}`);
});

test("who leaves a body is refused by both nodes at the next request; one-time codes work while keys are rotated", async () => {
  const boss = await visitor({ base, size: desktop, expected: [/404 \(Not Found/] });
  const her = await visitor({ base, expected: [/404 \(Not Found/] });
  try {
    leaver = await joined(her.page, nodes[0], people.translator.Member, "translator");
    const answers = () => Promise.all(nodes.map(async (node) => (await her.page.request.get(`${local(node.origin)}/it/office/services`)).status()));
    assert.deepEqual(await answers(), [200, 200], "a translator sees the cards");

    // The secret of the code is opened by both nodes, under the old key and under the new one.
    const rotation = nodes[0].command("keys", "rotate");
    await enter(boss.page, people["body-administrator"], "/it/office/members");
    await rotation;
    const auditor = await visitor({ base, size: desktop });
    await enter(auditor.page, people.auditor, "/it/office/log");
    await auditor.context.close();
    assert.deepEqual(auditor.problems, []);

    await boss.page.getByRole("link", { name: leaver.Name }).click();
    await boss.page.getByRole("button", { name: "Fai uscire dall’ente" }).click();
    await boss.page.waitForURL(at("/it/office/members"));
    assert.deepEqual(await answers(), [404, 404], "who has left still sees the cards");
    await nodes[0].command("user", "revoke", leaver.Email);
    for (const node of nodes) {
      const answer = await her.page.request.get(`${local(node.origin)}/it/account`, { maxRedirects: 0 });
      assert.match(answer.headers().location ?? "", /\/login\?next=/, "a revoked session is still open");
    }
    assert.deepEqual(boss.problems.concat(her.problems), []);
  } finally {
    await boss.context.close();
    await her.context.close();
  }
});

test("attempts on one account are counted over both nodes", async () => {
  const attempt = async () => {
    const body = new URLSearchParams({ email: leaver.Email, password: "not the right password" });
    const answer = await fetch(`${base}/it/login`, { method: "POST", body, redirect: "manual" });
    await answer.arrayBuffer();
    return answer.status;
  };
  const served = [...proxy.served];
  const said = [];
  for (let n = 0; n < 23; n++) said.push(await attempt());
  assert.deepEqual([...new Set(said.slice(0, 20))], [422], `twenty attempts: ${said}`);
  assert.deepEqual([...new Set(said.slice(21))], [429], `and then none: ${said}`); // one may have come back meanwhile
  assert.ok(proxy.served.every((count, node) => count - served[node] >= 11), "one node took all attempts");
});

test("the log of both nodes is one, and whole", async () => {
  const report = JSON.parse(await nodes[0].command("audit", "verify", "--json"));
  assert.equal(report.whole, true);
  assert.ok(report.size > 20, `the log has ${report.size} entries`);
});
