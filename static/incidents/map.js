// The map of open cases: points of the shown box, gathered in clusters that take the worst lamp of their members.

import { makeMap } from "../grids/map.js";

const L = window.L;
const element = document.querySelector("[data-open-map]");
const said = document.getElementById("map-said");
const words = JSON.parse(document.getElementById("map-words").textContent);
const WORST = ["red", "amber", "green", "none"];

if (element) begin();

async function begin() {
  const house = await makeMap(element, { levels: ["subdistrict", "community", "grid"] });
  const clusters = L.markerClusterGroup({ iconCreateFunction: clusterIcon, maxClusterRadius: 46, showCoverageOnHover: false, chunkedLoading: true });
  house.map.addLayer(clusters);
  for (const area of JSON.parse(document.getElementById("map-outlines").textContent)) house.outline(area);
  let turn = 0;
  house.onMove(async (box) => {
    const mine = ++turn;
    const query = new URLSearchParams(location.search);
    query.set("box", box);
    const answer = await fetch(`${element.dataset.points}?${query}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (mine !== turn) return;
    if (!answer?.ok) return say(words.failed);
    const { points, cut } = await answer.json();
    clusters.clearLayers();
    clusters.addLayers(points.map(marker));
    say((points.length ? (cut ? words.cut : words.shown) : words.none).replace("%(n)s", points.length));
  });
}

function say(text) {
  said.textContent = text;
}

function marker(point) {
  const icon = L.divIcon({ className: `dot dot-${point.l}`, iconSize: [16, 16] });
  const one = L.marker([point.y, point.x], { icon, lamp: point.l, title: point.i || words.unclassified, alt: point.i || words.unclassified });
  one.bindPopup(() => {
    const link = document.createElement("a");
    link.href = element.dataset.case.replace("NUMBER", point.n);
    link.textContent = words.open;
    const box = document.createElement("div");
    const name = document.createElement("strong");
    name.textContent = point.i || words.unclassified;
    const number = document.createElement("div");
    number.className = "soft num";
    number.textContent = point.n;
    box.append(name, number, link);
    return box;
  });
  return one;
}

function clusterIcon(cluster) {
  const lamps = new Set(cluster.getAllChildMarkers().map((one) => one.options.lamp));
  const worst = WORST.find((lamp) => lamps.has(lamp)) ?? "green";
  const count = cluster.getChildCount();
  const size = count < 10 ? 34 : count < 100 ? 42 : 52;
  return L.divIcon({ html: String(count), className: `cluster cluster-${worst}`, iconSize: [size, size] });
}
