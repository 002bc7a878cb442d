// SPDX-License-Identifier: EUPL-1.2

// on listens on the document, so that parts swapped in later are heard too.
export function on(type, selector, handle) {
  document.addEventListener(type, (event) => {
    const found = event.target.closest?.(selector);
    if (found) handle(found, event);
  });
}

// say puts a text into a button whose label stands in [data-text], or into the element.
export function say(element, text) {
  (element.querySelector("[data-text]") ?? element).textContent = text;
}

// stored reads a list from the phone; forgetful browsers (private windows) have none.
export function stored(key) {
  try {
    const value = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

export function store(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Nothing can be kept here; the page goes on without.
  }
}
