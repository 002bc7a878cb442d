// SPDX-License-Identifier: EUPL-1.2
import { forgetAll } from "./forget.js";
import { on } from "./on.js";

const presses = 3;
const within = 2000; // ms

// exit replaces this page in the history, empties the window at once, since the next
// page may be slow to come, and forgets what the phone keeps.
export function exit() {
  const link = document.querySelector("[data-exit]");
  if (!link) return;
  const leave = () => {
    forgetAll();
    document.title = "";
    document.body.hidden = true;
    window.speechSynthesis?.cancel();
    location.replace(link.href);
  };
  on("click", "[data-exit]", (_, event) => {
    event.preventDefault();
    leave();
  });
  let times = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    times = [...times.filter((t) => event.timeStamp - t < within), event.timeStamp];
    if (times.length >= presses) leave();
  });
}
