// SPDX-License-Identifier: EUPL-1.2
import { on, say, store, stored } from "./on.js";

const key = "shortlist";
const most = 30;

// shortlist keeps ids of services on the phone and nowhere else; the link to the
// list carries them, so the page is made by the server as always.
export function shortlist() {
  const labels = new WeakMap();
  const show = () => {
    const ids = stored(key);
    for (const link of document.querySelectorAll("[data-shortlist]")) {
      const url = new URL(link.href);
      url.search = ids.length ? new URLSearchParams({ ids: ids.join(",") }) : "";
      link.href = url.href;
    }
    for (const count of document.querySelectorAll("[data-shortlist-count]")) {
      count.textContent = ids.length;
      count.hidden = ids.length === 0;
    }
    for (const button of document.querySelectorAll("[data-keep]")) {
      const kept = ids.includes(button.dataset.keep);
      if (!labels.has(button)) labels.set(button, button.querySelector("[data-text]").textContent);
      button.setAttribute("aria-pressed", String(kept));
      say(button, kept ? button.dataset.added : labels.get(button));
    }
  };
  on("click", "[data-keep]", (button) => {
    const id = button.dataset.keep;
    const ids = stored(key);
    store(key, ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id].slice(-most));
    show();
  });
  document.addEventListener("renewed", show);
  addEventListener("storage", show);
  addEventListener("pageshow", show);
  show();
}
