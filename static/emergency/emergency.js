// The pages of emergencies: where it holds, the live board's map, the spot to go to, the position of whoever checks in.

import { makeMap } from "../grids/map.js";

const L = window.L;
const all = (root, selector) => [...root.querySelectorAll(selector)];
let board = null;

function dress(root) {
  for (const element of all(root, "[data-emergency-map]:not(.leaflet-container)")) makeMap(element, { quiet: true });
  for (const element of all(root, "[data-spot-map]:not(.leaflet-container)")) makeMap(element, { levels: ["community", "grid"] });
  for (const element of all(root, "[data-board-map]:not(.leaflet-container)")) begin(element);
  for (const form of all(root, "form[data-check-in]")) find(form);
}

async function begin(element) {
  const level = { 9: "subdistrict", 12: "community", 15: "grid" }[element.dataset.parent.length] ?? "district";
  const house = await makeMap(element, { first: level });
  board = L.layerGroup().addTo(house.map);
  draw();
}

// The points come along with each fragment of the board.
function draw() {
  const read = document.getElementById("board-points");
  if (!board || !read) return;
  board.clearLayers();
  for (const point of JSON.parse(read.textContent)) {
    const dot = point.k === "here" ? "dot-green" : point.m ? "dot-red" : "dot-brand";
    const size = point.k === "here" ? 12 : 20;
    const icon = L.divIcon({ className: `dot ${dot}`, iconSize: [size, size] });
    const marker = L.marker([point.y, point.x], { icon, alt: point.t ?? "", keyboard: Boolean(point.t) });
    if (point.t) marker.bindTooltip(named(point.t));
    marker.addTo(board);
  }
}

function named(text) {
  const made = document.createElement("span");
  made.textContent = text;
  return made;
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

dress(document);
document.addEventListener("htmx:load", ({ detail }) => {
  dress(detail.elt);
  draw();
});
