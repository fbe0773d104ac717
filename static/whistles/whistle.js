// The pages of whistles: where it is, a map to mark the spot on, the position of whoever checks in, and the map of all.

import { makeMap } from "../grids/map.js";

const L = window.L;
const all = (root, selector) => [...root.querySelectorAll(selector)];

function dress(root) {
  for (const element of all(root, "[data-whistle-map]:not(.leaflet-container)")) makeMap(element, { levels: ["community", "grid"] });
  for (const element of all(root, "[data-place-map]:not(.leaflet-container)")) mark(element);
  for (const element of all(root, "[data-whistles-map]:not(.leaflet-container)")) showAll(element);
  for (const form of all(root, "form[data-check-in]")) find(form);
}

// The level of the area that the map is fitted to: a street sees its street.
function widest(element) {
  return { 9: "subdistrict", 12: "community", 15: "grid" }[(element.dataset.parent ?? "").length] ?? "district";
}

async function mark(element) {
  const { lon, lat } = element.closest("form").elements;
  const house = await makeMap(element, { first: widest(element) });
  house.pick((x, y) => {
    lon.value = x.toFixed(6);
    lat.value = y.toFixed(6);
  });
}

function find(form) {
  const said = form.querySelector("[data-place-said]");
  const tell = (word, state) => {
    said.textContent = said.dataset[word];
    said.closest("[data-place]").dataset.place = state;
  };
  if (!navigator.geolocation) return tell("none", "none");
  tell("finding", "busy");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      form.elements.lon.value = coords.longitude.toFixed(6);
      form.elements.lat.value = coords.latitude.toFixed(6);
      form.elements.accuracy_m.value = Math.round(coords.accuracy);
      tell("found", "found");
    },
    () => tell("none", "none"),
    { enableHighAccuracy: true, timeout: 10000, maximumAge: 30000 },
  );
}

async function showAll(element) {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const words = read("whistle-words");
  const house = await makeMap(element, { levels: ["subdistrict", "community", "grid"], first: widest(element) });
  for (const point of read("whistle-points")) {
    const icon = L.divIcon({ className: `dot dot-${point.l}`, iconSize: [18, 18] });
    L.marker([point.y, point.x], { icon, title: point.t, alt: point.t })
      .bindPopup(() => box(point.t, point.n, element.dataset.whistle.replace("NUMBER", point.n), words.open))
      .addTo(house.map);
  }
  if (!("mayBlow" in element.dataset)) return;
  house.pick((x, y) => {
    const href = `${words.new}?lon=${x.toFixed(6)}&lat=${y.toFixed(6)}`;
    L.popup().setLatLng([y, x]).setContent(box("", "", href, words.here)).openOn(house.map);
  });
}

function box(title, number, href, word) {
  const made = document.createElement("div");
  for (const [name, text] of [["strong", title], ["div", number]]) {
    if (!text) continue;
    const line = document.createElement(name);
    line.textContent = text;
    made.append(line);
  }
  const link = document.createElement("a");
  link.href = href;
  link.textContent = word;
  made.append(link);
  return made;
}

dress(document);
document.addEventListener("htmx:load", ({ detail }) => dress(detail.elt));
