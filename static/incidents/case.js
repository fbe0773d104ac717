// The case page: where it is, photos chosen in a step's form, and a map to place it on.

import { makeMap } from "../grids/map.js";
import "./photos.js";

const words = (root, selector) => [...root.querySelectorAll(selector)];

function dress(root) {
  for (const element of words(root, "[data-case-map]:not(.leaflet-container)")) {
    makeMap(element, { levels: ["community", "grid"] });
  }
  for (const element of words(root, "[data-place-map]:not(.leaflet-container)")) placeMap(element);
}

async function placeMap(element) {
  const form = element.closest("form");
  const house = await makeMap(element);
  house.pick((lon, lat) => {
    form.elements.lon.value = lon.toFixed(6);
    form.elements.lat.value = lat.toFixed(6);
  });
}

dress(document);
document.addEventListener("htmx:load", ({ detail }) => dress(detail.elt));
