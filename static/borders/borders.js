// Enclaves on maps: all of them coloured by how far they have come, one of them, and a map to mark a new one on.

import { makeMap } from "../grids/map.js";

const L = window.L;
const all = (root, selector) => [...root.querySelectorAll(selector)];
const COLOURS = {
  registered: "--soft",
  investigated: "--blue",
  attributed: "--amber-mark",
  handed_over: "--brand",
  mending: "--red-mark",
  accepted: "--green-mark",
};

function dress(root) {
  for (const element of all(root, "[data-enclaves-map]:not(.leaflet-container)")) show(element);
  for (const element of all(root, "[data-spot-map]:not(.leaflet-container)")) mark(element);
}

// The level of the area that the map is fitted to: a street sees its street.
function widest(element) {
  return { 9: "subdistrict", 12: "community", 15: "grid" }[(element.dataset.parent ?? "").length] ?? "district";
}

async function show(element) {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const words = read("enclaves-words");
  const one = "lon" in element.dataset;
  const house = await makeMap(element, { levels: ["subdistrict", "community", "grid"], first: widest(element) });
  if (one) house.pin?.remove();
  for (const place of read("enclaves-shown")) {
    const colour = house.colour(COLOURS[place.s] ?? "--soft");
    const style = { color: colour, weight: 3, fillColor: colour, fillOpacity: 0.35 };
    const popup = () => (one ? place.t : box(place, words.open));
    if (place.g) {
      const drawn = L.geoJSON(place.g, { style }).bindPopup(popup).addTo(house.map);
      if (one) house.map.fitBounds(drawn.getBounds(), { padding: [40, 40], maxZoom: 17, animate: false });
    }
    if (!place.g || !one) {
      L.circleMarker([place.y, place.x], { radius: 8, color: "#fff", weight: 2, fillColor: colour, fillOpacity: 1 })
        .bindTooltip(place.t)
        .bindPopup(popup)
        .addTo(house.map);
    }
  }
}

async function mark(element) {
  const { lon, lat } = element.closest("form").elements;
  const house = await makeMap(element, { first: widest(element) });
  if (lon.value && lat.value) house.point(Number(lon.value), Number(lat.value));
  house.pick((x, y) => {
    lon.value = x.toFixed(6);
    lat.value = y.toFixed(6);
  });
}

function box(place, word) {
  const made = document.createElement("div");
  const name = document.createElement("strong");
  name.textContent = place.t;
  const link = document.createElement("a");
  link.href = place.u;
  link.textContent = word;
  made.append(name, document.createElement("br"), link);
  return made;
}

dress(document);
document.addEventListener("htmx:load", ({ detail }) => dress(detail.elt));
