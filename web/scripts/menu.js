// SPDX-License-Identifier: EUPL-1.2
import { on } from "./on.js";

const year = 365 * 24 * 3600; // s

export function menu() {
  on("click", "[data-menu]", (button) => {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    document.getElementById(button.getAttribute("aria-controls")).classList.toggle("is-open", open);
  });
  // A menu closes when one goes on elsewhere, and by Escape with the focus back on it.
  const close = (except) => {
    for (const open of document.querySelectorAll("details[data-dismiss][open]")) if (open !== except) open.open = false;
  };
  document.addEventListener("click", (event) => close(event.target.closest("details[data-dismiss]")));
  document.addEventListener("keydown", (event) => {
    const open = document.activeElement?.closest("details[data-dismiss][open]");
    if (event.key === "Escape" && open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });
}

// languages remembers the language that was chosen, for addresses without one. It is
// a cookie so that the server can read it, and holds nothing else.
export function languages() {
  on("click", "[data-lang]", (link) => {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `lang=${link.dataset.lang}; Path=/; Max-Age=${year}; SameSite=Lax${secure}`;
  });
}
