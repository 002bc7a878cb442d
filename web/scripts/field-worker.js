// SPDX-License-Identifier: EUPL-1.2
//
// The worker of the form for the field, and of that form alone: its scope is where the form stands. It
// keeps the files that the form needs (the list "shell" stands before this text, put there by the
// server); the form itself is kept by its own script, once somebody has opened it.

const files = "approdo-field-files";
const pages = "approdo-field-page";

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
    if (!/^\/[a-z]{2}\/office\/field\/new$/.test(url.pathname)) return;
    event.respondWith(fetch(request).catch(async () => (await caches.match(url.pathname, { cacheName: pages })) ?? Response.error()));
  } else if (shell.includes(url.pathname)) {
    event.respondWith(caches.match(url.pathname, { cacheName: files }).then((kept) => kept ?? fetch(request)));
  }
});
