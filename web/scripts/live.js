// SPDX-License-Identifier: EUPL-1.2

import { handedOver } from "./discreet.js";

const pause = 160; // ms without a key before asking

// live renews part of the page while somebody types or ticks: it asks for the
// address that sending the form would lead to and takes the element of the same id
// out of the answer. The address in the browser is replaced, so reloading, sharing
// and coming back show the same, and each letter is not a page of the history. Only a
// question about violence leaves no address.
export function live() {
  for (const form of document.querySelectorAll("form[data-live]")) follow(form);
}

function follow(form) {
  let timer;
  let running;
  let shown = address(form);
  const renew = async () => {
    const target = address(form);
    if (target === shown) return;
    running?.abort();
    running = new AbortController();
    const region = document.getElementById(form.dataset.live);
    region.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(target, { signal: running.signal, headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      shown = target;
      const page = new DOMParser().parseFromString(html, "text/html");
      // What is asked about violence is not written where another who uses the phone reads it.
      history.replaceState(null, "", page.body.hasAttribute("data-sensitive") ? form.action : target);
      swap(region, page);
    } catch (problem) {
      // A newer question has taken over, or there is no connection: what is shown stays.
      if (problem.name !== "AbortError") region.removeAttribute("aria-busy");
    }
  };
  const later = (event) => {
    if (event.isComposing) return; // Chinese is typed in steps that are no words yet
    clearTimeout(timer);
    timer = setTimeout(renew, pause);
  };
  // Sending the form shows the same without a page of its own, so that a question about violence is
  // in no history; and the keyboard of the phone makes room for the answers.
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(timer);
    await renew();
    if (shown !== address(form)) return form.submit();
    const region = document.getElementById(form.dataset.live);
    region.tabIndex = -1;
    region.focus({ preventScroll: true });
  });
  if (handedOver(form)) renew();
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("compositionend", later);
}

// address is where the form leads; empty fields are left out so that it stays short.
function address(form) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && value.trim() !== "") query.append(name, value.trim());
  const url = new URL(form.action);
  url.search = query;
  return url.href;
}

// Numbers beside the filters follow too, in their places: swapping the filters themselves
// would take the focus from whoever is ticking them.
function swap(region, answer) {
  const fresh = answer.getElementById(region.id);
  if (!fresh) return;
  for (const number of document.querySelectorAll("[data-follow]")) number.textContent = answer.getElementById(number.id)?.textContent ?? "0";
  region.replaceChildren(...fresh.childNodes);
  region.removeAttribute("aria-busy");
  region.dispatchEvent(new CustomEvent("renewed", { bubbles: true }));
}
