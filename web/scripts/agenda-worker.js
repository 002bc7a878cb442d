// SPDX-License-Identifier: EUPL-1.2
//
// The worker of a mediator's agenda, and of that page alone: without a network it opens the copy of today
// that its owner asked for. It keeps the files that this page needs (the list "shell" stands before this
// text, put there by the server). A copy of another day is thrown away, never shown.

const files = "approdo-agenda-files";
const pages = "approdo-agenda";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(files).then((cache) => cache.addAll(shell)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const cache = await caches.open(files);
    for (const request of await cache.keys()) if (!shell.includes(new URL(request.url).pathname)) await cache.delete(request);
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (/^\/[a-z]{2}\/mediation(\/today)?$/.test(url.pathname)) event.respondWith(fetch(request).catch(() => copy(url)));
  } else if (shell.includes(url.pathname)) {
    event.respondWith(caches.match(url.pathname, { cacheName: files }).then((kept) => kept ?? fetch(request)));
  }
});

async function copy(url) {
  const cache = await caches.open(pages);
  const address = `/${url.pathname.split("/")[1]}/mediation/today`;
  const kept = await cache.match(address);
  if (kept && Number(kept.headers.get("X-Until")) > Date.now()) return kept;
  await cache.delete(address);
  return Response.error();
}
