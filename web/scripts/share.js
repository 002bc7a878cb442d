// SPDX-License-Identifier: EUPL-1.2
import { on, say } from "./on.js";

const moment = 2500; // ms

// share opens the sheet of the phone, copies links and prints.
export function share() {
  if (navigator.share) for (const button of document.querySelectorAll("[data-share]")) button.hidden = false;
  on("click", "[data-share]", (button) => {
    // Closing the sheet without choosing is no mistake.
    navigator.share({ title: button.dataset.title, url: button.dataset.share }).catch(() => {});
  });
  on("click", "[data-copy]", async (button) => {
    const label = button.textContent.trim();
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      return; // not allowed here (plain HTTP): the other ways remain
    }
    say(button, button.dataset.done);
    setTimeout(() => say(button, label), moment);
  });
  on("click", "[data-print]", () => print());
}
