// SPDX-License-Identifier: EUPL-1.2

// pages is the store of the agenda that is kept.
export const pages = "approdo-agenda";

// dropAgenda takes the agenda and its worker off the phone.
export async function dropAgenda() {
  await caches.delete(pages);
  await caches.delete("approdo-agenda-files");
  for (const one of (await navigator.serviceWorker?.getRegistrations()) ?? []) {
    if (new URL(one.scope).pathname.endsWith("/mediation")) await one.unregister();
  }
}

// loggedOut forgets the agenda where somebody is asked to log in: whoever holds the phone now may be another.
export async function loggedOut() {
  if (/^\/[a-z]{2}\/login$/.test(location.pathname) && window.caches && (await caches.has(pages))) await dropAgenda();
}
