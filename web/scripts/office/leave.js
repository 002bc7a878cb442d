// SPDX-License-Identifier: EUPL-1.2

// Under names that begin so a browser keeps what was typed and could not be saved.
export const prefix = "approdo:typed:";

let leaving = false;

// left says whether the last form that was sent is the one for logging out.
export const left = () => leaving;

// leave takes what was typed and never saved out of the browser when somebody logs out: whoever sits here
// next may be somebody else. When a session ends by itself it stays, for its owner comes back.
export function leave() {
  document.addEventListener("submit", (event) => {
    leaving = /\/logout$/.test(event.target.getAttribute("action"));
    if (!leaving) return;
    try {
      for (const name of Object.keys(localStorage)) if (name.startsWith(prefix)) localStorage.removeItem(name);
    } catch {
      // Storage is closed to us, so nothing of ours is in it.
    }
  }, true); // before the form's own listeners
}
