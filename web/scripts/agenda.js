// SPDX-License-Identifier: EUPL-1.2
//
// The agenda of today on the phone of a mediator, for where there is no network. Nothing is kept before
// somebody asks for it. What is kept is one small page: hours, languages and places, no code and no name of
// whom it is for. It is opened until the end of the day and then thrown away.
import { dropAgenda, pages } from "./agenda/store.js";

const root = document.querySelector("[data-agenda]");
const part = (name) => root.querySelector(`[data-agenda-${name}]`);
const say = (name) => (part("status").textContent = name ? root.dataset[name] : "");

async function keep() {
  const address = root.dataset.page;
  const answer = await fetch(address, { redirect: "error", headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const kept = new Response(await answer.blob(), { headers: { "Content-Type": "text/html; charset=utf-8", "X-Until": root.dataset.until } });
  await (await caches.open(pages)).put(address, kept);
  await navigator.serviceWorker.register(root.dataset.worker, { scope: root.dataset.scope });
}

async function shown() {
  const there = await caches.has(pages);
  part("keep").hidden = there;
  part("drop").hidden = !there;
  return there;
}

async function begin() {
  root.hidden = false;
  part("keep").addEventListener("click", async () => {
    try {
      await keep();
      say("kept");
    } catch {
      await dropAgenda();
      say("failed");
    }
    await shown();
  });
  part("drop").addEventListener("click", async () => {
    await dropAgenda();
    say("dropped");
    await shown();
  });
  if (await shown()) await keep().catch(() => {}); // what it was changes with every visit
}

if (root && window.caches && navigator.serviceWorker) begin();
