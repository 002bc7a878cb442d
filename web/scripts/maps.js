// SPDX-License-Identifier: EUPL-1.2

// maps fetches the script and the style of the map when one comes near the screen:
// whoever reads the list alone does not pay for what is by far the largest file.
export function maps() {
  if (!window.IntersectionObserver) return;
  const near = new IntersectionObserver((entries) => {
    const seen = entries.find((entry) => entry.isIntersecting);
    if (!seen) return;
    near.disconnect();
    document.removeEventListener("renewed", look);
    load(seen.target.dataset);
  }, { rootMargin: "100px" });
  const look = () => {
    for (const element of document.querySelectorAll("[data-map][data-script]")) near.observe(element);
  };
  document.addEventListener("renewed", look);
  look();
}

// load asks for the style first, since the map measures itself.
function load({ style, script }) {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = style;
  const code = document.createElement("script");
  code.src = script;
  sheet.addEventListener("load", () => document.head.append(code));
  document.head.append(sheet);
}
