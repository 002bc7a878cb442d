// SPDX-License-Identifier: EUPL-1.2
//
// The map of the card: a pin for each place, which one drags, places by a click or moves by the arrow keys. The
// fields for latitude and longitude say where a place is; the map writes into them and follows what is typed.
import { Marker } from "leaflet/src/layer/marker/Marker.js";
import { DivIcon } from "leaflet/src/layer/marker/DivIcon.js";
import { LatLngBounds } from "leaflet/src/geo/LatLngBounds.js";

const italy = [[36.6, 6.6], [47.1, 18.5]];
const steps = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export function editor(map, element, starts) {
  const form = element.closest("form");
  const said = form.querySelector("[data-pin-said]");
  const pins = new Map(); // row → marker
  let chosen = "";
  const field = (row, name) => form.elements[`${row}.${name}`];
  const where = (row) => {
    const [lat, lon] = ["lat", "lon"].map((name) => Number.parseFloat((field(row, name)?.value ?? "").replace(",", ".")));
    return Number.isFinite(lat) && Number.isFinite(lon) ? [lat, lon] : null;
  };
  const choose = (row) => {
    chosen = row;
    for (const [name, pin] of pins) pin.getElement().classList.toggle("is-chosen", name === row);
  };
  const put = (row, { lat, lng }) => {
    field(row, "lat").value = lat.toFixed(5);
    field(row, "lon").value = lng.toFixed(5);
    field(row, "lat").dispatchEvent(new Event("input", { bubbles: true }));
    const name = title(form, row);
    said.textContent = element.dataset.moved.replace("{row}", name).replace("{lat}", lat.toFixed(5)).replace("{lon}", lng.toFixed(5));
  };
  const pinOf = (row, at) => {
    const name = title(form, row);
    const pin = new Marker(at, { icon: new DivIcon({ className: "map-pin", iconSize: [34, 34], iconAnchor: [17, 34] }), draggable: true, autoPan: true, title: name, alt: name });
    pin.addTo(map);
    pin.on("dragstart click", () => choose(row));
    pin.on("dragend", () => put(row, pin.getLatLng()));
    pin.getElement().addEventListener("focus", () => choose(row));
    pin.getElement().addEventListener("keydown", (event) => {
      const step = steps[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation(); // the map would move instead
      const size = event.shiftKey ? 1 : 10;
      const to = map.latLngToContainerPoint(pin.getLatLng()).add([step[0] * size, step[1] * size]);
      pin.setLatLng(map.containerPointToLatLng(to));
      map.panInside(pin.getLatLng(), { padding: [40, 40], animate: false });
      put(row, pin.getLatLng());
    });
    return pin;
  };
  // follow makes the pins those of the fields.
  const follow = () => {
    const rows = [...form.querySelectorAll("[data-pin]")].map((button) => button.dataset.pin);
    for (const [row, pin] of pins) if (!rows.includes(row) || !where(row)) pins.delete(row) && pin.remove();
    for (const row of rows) {
      const at = where(row);
      if (at && pins.has(row)) pins.get(row).setLatLng(at);
      else if (at) pins.set(row, pinOf(row, at));
    }
  };
  const place = (row, at) => {
    put(row, at);
    follow();
    choose(row);
  };
  const buttons = () => {
    for (const button of form.querySelectorAll("[data-pin]")) button.hidden = false;
    follow();
  };
  form.addEventListener("click", (event) => {
    const row = event.target.closest("[data-pin]")?.dataset.pin;
    if (!row) return;
    if (!where(row)) {
      if (starts[row]) map.setView(starts[row], Math.max(map.getZoom(), 13), { animate: false });
      place(row, map.getCenter());
    }
    choose(row);
    map.setView(where(row), Math.max(map.getZoom(), 13), { animate: false });
    element.scrollIntoView({ block: "nearest" });
    pins.get(row).getElement().focus({ preventScroll: true });
  });
  form.addEventListener("input", (event) => /\.(lat|lon)$/.test(event.target.name ?? "") && follow());
  map.on("click", ({ latlng }) => chosen && field(chosen, "lat") && place(chosen, latlng));
  document.addEventListener("rows", () => {
    for (const pin of pins.values()) pin.remove(); // rows have other names now
    pins.clear();
    chosen = "";
    buttons();
  });
  const bounds = new LatLngBounds([...form.querySelectorAll("[data-pin]")].map(({ dataset }) => where(dataset.pin) ?? starts[dataset.pin]).filter(Boolean));
  map.fitBounds(bounds.isValid() ? bounds.pad(0.15) : italy, { maxZoom: element.dataset.tiles ? 16 : 9, animate: false });
  form.querySelector("[data-pin-help]").hidden = false;
  buttons();
  if (pins.size === 1) choose([...pins.keys()][0]);
}

// title is what a place is called: its name, its street, or which row it is.
function title(form, row) {
  const text = (name) => form.elements[`${row}.${name}`]?.value.trim();
  return text("name") || text("address") || form.elements[`${row}.lat`].closest(".editor-row").getAttribute("aria-label");
}
