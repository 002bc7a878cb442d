// SPDX-License-Identifier: EUPL-1.2
//
// The map beside a list. The places come in a JSON block inside the element; without
// a source of tiles it draws the outline that comes with them. The list says
// everything that the map says: the map is an extra for those who can use it.
import { Map, Marker, DivIcon, GeoJSON, TileLayer, LatLngBounds, Control } from "leaflet";

const italy = [[36.6, 6.6], [47.1, 18.5]];
const drawn = new WeakMap();

function draw(element) {
  const block = element.querySelector('script[type="application/json"]');
  if (!block) return;
  const data = JSON.parse(block.textContent);
  const map = new Map(element, { attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.5, maxZoom: 18 });
  drawn.set(element, map);
  new Control.Attribution({ prefix: false }).addAttribution(element.dataset.attribution ?? "").addTo(map);
  if (element.dataset.tiles) {
    new TileLayer(element.dataset.tiles, { maxZoom: 18, referrerPolicy: "no-referrer" }).addTo(map);
  } else if (data.outline) {
    new GeoJSON(data.outline, { style: { className: "map-land", stroke: false, fill: true, fillOpacity: 1 }, interactive: false }).addTo(map);
  }
  const bounds = new LatLngBounds([]);
  for (const place of data.places ?? []) {
    bounds.extend([place.lat, place.lon]);
    pin(place).addTo(map);
  }
  if (data.me) {
    bounds.extend(data.me);
    new Marker(data.me, { icon: new DivIcon({ className: "map-pin map-me", iconSize: [20, 20] }), interactive: false, keyboard: false }).addTo(map);
  }
  map.fitBounds(bounds.isValid() ? bounds.pad(0.15) : italy, { maxZoom: element.dataset.tiles ? 15 : 11, animate: false });
  // Only after a click into the map does the wheel zoom: before it scrolls the page.
  map.on("focus click", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
}

// pin builds the popup from elements, never from text as HTML: names come from people.
function pin(place) {
  const icon = new DivIcon({ className: place.n > 1 ? "map-pin is-many" : "map-pin", iconSize: [34, 34], iconAnchor: [17, 34], popupAnchor: [0, -30], html: text("span", place.n ?? "") });
  const marker = new Marker([place.lat, place.lon], { icon, title: place.title, alt: place.title });
  const body = document.createElement("div");
  const title = document.createElement("p");
  if (place.href) {
    const link = text("a", place.title);
    link.href = new URL(place.href, location.href).href;
    title.append(link);
  } else {
    title.textContent = place.title;
  }
  body.append(title);
  if (place.text) body.append(text("p", place.text));
  return marker.bindPopup(body);
}

function text(tag, content) {
  const element = document.createElement(tag);
  element.textContent = content;
  return element;
}

function drawAll() {
  for (const element of document.querySelectorAll("[data-map]")) if (!drawn.has(element)) draw(element);
}

document.addEventListener("renewed", drawAll);
drawAll();
