// SPDX-License-Identifier: EUPL-1.2
//
// watch renews a part of a page that waits for others: it asks its address every few seconds while somebody
// looks, and opens the page anew when there is nothing to wait for any more. Without it the page has a link
// that looks again.
const pause = 3000; // ms
const slowest = 30000;

export function watch() {
  const region = document.querySelector("[data-watch]");
  if (region) follow(region);
}

function follow(region) {
  let wait = pause;
  const look = async () => {
    if (document.hidden) return later();
    try {
      const answer = await fetch(region.dataset.watch, { headers: { Accept: "text/html" }, redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      wait = pause;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-watch]");
      if (!fresh) return location.reload();
      renew(region, fresh);
    } catch {
      wait = Math.min(wait * 2, slowest); // no connection: what is shown stays
    }
    later();
  };
  const later = () => setTimeout(look, wait);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  later();
}

// What is read aloud is replaced only when it says something else; the seconds that pass are not.
function renew(region, fresh) {
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const old = region.querySelector(`[data-part="${part.dataset.part}"]`);
    if (old && old.innerHTML !== part.innerHTML) old.replaceChildren(...part.childNodes);
  }
}
