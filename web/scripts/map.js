// SPDX-License-Identifier: EUPL-1.2
//
// The map beside a list. The places come in a JSON block inside the element; without
// a source of tiles it draws the outline that comes with them. The list says
// everything that the map says: the map is an extra for those who can use it.
//
// Leaflet comes in parts: its whole has layers and controls that no page of ours uses.
import { Map } from "leaflet/src/map/index.js";
import { Marker } from "leaflet/src/layer/marker/Marker.js";
import { DivIcon } from "leaflet/src/layer/marker/DivIcon.js";
import { LayerGroup } from "leaflet/src/layer/LayerGroup.js";
import { TileLayer } from "leaflet/src/layer/tile/TileLayer.js";
import { Polygon } from "leaflet/src/layer/vector/Polygon.js";
import { LatLngBounds } from "leaflet/src/geo/LatLngBounds.js";
import { Attribution } from "leaflet/src/control/Control.Attribution.js";
import { Zoom } from "leaflet/src/control/Control.Zoom.js";
import "leaflet/src/layer/Popup.js";
import { editor } from "./map/edit.js";
import "leaflet/src/layer/vector/Renderer.getRenderer.js";

const italy = [[36.6, 6.6], [47.1, 18.5]];
const apart = 44; // pixels between two pins, so that a finger meets one of them
const named = 3; // places named in the label of a pin that stands for several

// A map is drawn when it is seen: one that is folded away has no size yet.
const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    draw(target);
  }
}, { rootMargin: "100px" });

function draw(element) {
  const block = element.querySelector('script[type="application/json"]');
  if (!block || element.classList.contains("leaflet-container")) return;
  const data = JSON.parse(block.textContent);
  const words = element.dataset;
  const map = new Map(element, { attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.5, maxZoom: words.tiles || words.edit ? 18 : 11 });
  // Making room for a popup is done at once: a link that slides away under a finger is pressed in vain.
  map.panBy = (offset) => Map.prototype.panBy.call(map, offset, { animate: false });
  new Zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  new Attribution({ prefix: false }).addAttribution(words.attribution ?? "").addTo(map);
  if (words.tiles) {
    new TileLayer(words.tiles, { maxZoom: 18, referrerPolicy: "no-referrer" }).addTo(map);
  } else if (data.outline) {
    for (const ring of data.outline) new Polygon(line(ring), { className: "map-land", stroke: false, fill: true, fillOpacity: 1, interactive: false }).addTo(map);
  }
  if (words.edit) editor(map, element, data.starts ?? {});
  else show(map, data, words);
  // Only after a click into the map does the wheel zoom: before it scrolls the page.
  map.on("focus click", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
}

// show puts the places on the map, and the map around them.
function show(map, data, words) {
  const places = data.places ?? [];
  const bounds = new LatLngBounds(places.map(({ lat, lon }) => [lat, lon]));
  if (data.me) {
    bounds.extend(data.me);
    new Marker(data.me, { icon: new DivIcon({ className: "map-pin map-me", iconSize: [20, 20] }), interactive: false, keyboard: false }).addTo(map);
  }
  // An outline alone says where in the region a place is, not in which street.
  map.fitBounds(bounds.isValid() ? bounds.pad(0.15) : italy, { maxZoom: words.tiles ? 15 : 8, animate: false });
  pinned(map, places, words);
}

// line unfolds a ring of the outline: hundredths of a degree, each point as its distance
// from the one before.
function line(ring) {
  const points = [];
  let [lat, lon] = [0, 0];
  for (let i = 0; i < ring.length; i += 2) {
    lat += ring[i];
    lon += ring[i + 1];
    points.push([lat / 100, lon / 100]);
  }
  return points;
}

// pinned puts pins on the map, anew whenever its scale changes.
function pinned(map, places, words) {
  const layer = new LayerGroup().addTo(map);
  const show = () => {
    layer.clearLayers();
    for (const { at, members } of groups(map, places)) pin(at, members, words).addTo(layer);
  };
  map.on("zoomend", show);
  show();
}

// groups puts places together that would stand on top of each other at this scale, each
// group in the middle of its places.
function groups(map, places) {
  const list = places.map((place) => ({ at: map.latLngToLayerPoint([place.lat, place.lon]), places: [place] }));
  for (let i = 0; i < list.length; i++) {
    const one = list[i];
    const next = list.findIndex((other, k) => k > i && other.at.distanceTo(one.at) < apart);
    if (next < 0) continue;
    const [other] = list.splice(next, 1);
    const [mine, theirs] = [one.places.length, other.places.length];
    one.at = one.at.multiplyBy(mine).add(other.at.multiplyBy(theirs)).divideBy(mine + theirs);
    one.places.push(...other.places);
    i = -1; // it may now stand on one that was far enough before
  }
  return list.map(({ at, places: members }) => ({ at: map.layerPointToLatLng(at), members }));
}

// pin builds the popup from elements, never from text as HTML: names come from people.
function pin(at, places, words) {
  const many = places.length > 1;
  const icon = new DivIcon({ className: many ? "map-pin is-many" : "map-pin", iconSize: [34, 34], iconAnchor: [17, 34], popupAnchor: [0, -30], html: text("span", many ? places.length : "") });
  const titles = [...new Set(places.map((place) => place.title))];
  const title = titles.slice(0, named).join(" · ") + (titles.length > named ? " …" : "");
  const marker = new Marker(at, { icon, title, alt: title });
  const body = document.createElement("div");
  for (const place of places) body.append(...about(place));
  marker.bindPopup(body, { maxHeight: 260 });
  // Leaflet has no option for this word.
  marker.on("popupopen", ({ popup }) => popup.getElement().querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", words.close ?? "×"));
  return marker;
}

// about is what the popup says of one place.
function about(place) {
  const title = document.createElement("p");
  if (place.href) {
    const link = text("a", place.title);
    link.href = new URL(place.href, location.href).href;
    title.append(link);
  } else {
    title.textContent = place.title;
  }
  return place.text ? [title, text("p", place.text)] : [title];
}

function text(tag, content) {
  const element = document.createElement(tag);
  element.textContent = content;
  return element;
}

function watch() {
  for (const element of document.querySelectorAll("[data-map]")) seen.observe(element);
}

document.addEventListener("renewed", watch);
watch();
