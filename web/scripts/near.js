// SPDX-License-Identifier: EUPL-1.2
import { on, say } from "./on.js";

const wait = 10000; // ms

// near fills the hidden field with the place of the phone, rounded to three decimals
// (about 100 metres: enough to sort, not enough to find a door), and sends the form.
// A second press takes the place away again.
export function near() {
  on("click", "[data-near]", (button) => {
    const form = button.form;
    const field = form.elements.namedItem("near");
    if (button.getAttribute("aria-pressed") === "true") {
      field.disabled = true;
      form.requestSubmit();
      return;
    }
    const label = button.textContent.trim();
    say(button, button.dataset.wait);
    const denied = () => say(button, button.dataset.denied);
    if (!navigator.geolocation) {
      denied();
      return;
    }
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      field.value = `${coords.latitude.toFixed(3)},${coords.longitude.toFixed(3)}`;
      field.disabled = false;
      say(button, label);
      form.requestSubmit();
    }, denied, { timeout: wait, maximumAge: 300000 });
  });
}
