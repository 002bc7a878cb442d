// SPDX-License-Identifier: EUPL-1.2

// forgetAll removes everything of this site from the phone: lists, copies, the worker
// that serves them, the language that was chosen. What the browser itself remembers (its
// history) is out of reach.
export async function forgetAll() {
  try {
    localStorage.clear();
    sessionStorage.clear();
  } catch {
    // Storage is closed to us, so nothing of ours is in it.
  }
  document.cookie = "lang=; Path=/; Max-Age=0; SameSite=Lax";
  const work = [];
  if (window.caches) work.push(caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name)))));
  if (navigator.serviceWorker) work.push(navigator.serviceWorker.getRegistrations().then((all) => Promise.all(all.map((one) => one.unregister()))));
  await Promise.allSettled(work);
}
