// SPDX-License-Identifier: EUPL-1.2
//
// The worker that opens the page of copies without a connection. It is there only for
// those who keep a copy. It keeps the files that this page needs (the list "shell"
// stands before this text, put there by the server) and no page that was visited.

const files = "approdo-shell";
const copies = "approdo-copies";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(files).then((cache) => cache.addAll(shell)).then(() => self.skipWaiting()));
});

// An older build's files go when the new worker takes over.
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
  if (/^\/[a-z]{2}\/exit$/.test(url.pathname)) {
    // Whoever leaves in a hurry leaves nothing behind.
    event.waitUntil(caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name)))));
    return;
  }
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => page(url)));
  else if (shell.includes(url.pathname)) event.respondWith(caches.match(url.pathname, { cacheName: files }).then((kept) => kept ?? fetch(request)));
});

// page is the page of copies in the language of the address, else in any that is kept.
async function page(url) {
  const cache = await caches.open(copies);
  const mine = await cache.match(`/${url.pathname.split("/")[1]}/offline`);
  if (mine) return mine;
  for (const request of await cache.keys()) if (new URL(request.url).pathname.endsWith("/offline")) return cache.match(request);
  return Response.error();
}
