// SPDX-License-Identifier: EUPL-1.2
//
// The worker that shows messages of operators who have asked for it. It keeps nothing and answers for
// no page: its scope has none.

self.addEventListener("push", (event) => {
  const m = event.data?.json();
  if (!m) return;
  event.waitUntil(self.registration.showNotification(m.title, { body: m.body, lang: m.lang, dir: m.dir, tag: m.id, data: { url: m.url } }));
});

// A message opens in a page that is there already, or in a new one.
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url } = event.notification.data;
  const open = async () => {
    for (const page of await self.clients.matchAll({ type: "window", includeUncontrolled: true })) {
      if (page.url === url) return page.focus();
    }
    return self.clients.openWindow(url);
  };
  if (new URL(url).origin === self.location.origin) event.waitUntil(open());
});
