// Maps of the house: our own boundaries as the base, offline; tiles of a map service only where the installation
// names one. Needs Leaflet (leaflet/leaflet.js) loaded before.
//
//   import { makeMap } from "../grids/map.js";
//   const house = await makeMap(element, { levels: ["subdistrict", "grid"] });
//   house.map                 the Leaflet map
//   house.show(code)          fit an area and mark it
//   house.outline({code, title, tone})  mark an area for which something holds
//   house.onMove(callback)    callback(bounds "w,s,e,n", zoom) after each move, at once the first time
//   house.pick(callback)      a click marks a point: callback(lon, lat)
//
// The element's data- attributes:
//   data-geojson   the address of /api/v1/areas/geojson (required)
//   data-parent    only boundaries in this subtree
//   data-grid      the code of an area to mark
//   data-lon, data-lat   a point to mark (WGS 84)
//   data-tiles, data-credit   an XYZ address of tiles, and whose they are
//   data-synthetic a word for synthetic boundaries, shown in the legend when one is on the map
// The tag {% map_source %} (grids/templatetags/maps.py) writes data-geojson, -tiles, -credit and -synthetic, and
// templates/grids/_map.html the whole element.
//
// Options of makeMap: levels (which may be shown), first (the level to fit at the start), onArea(feature, layer) on a
// click, fill(feature) → opacity, markFill (opacity of the marked area), quiet (no names under the pointer), leaflet (passed on to L.map).
// Colours follow the theme; a synthetic boundary is dashed. The map answers to the keyboard as Leaflet's maps do.

const L = window.L;
const STYLE = {
  district: { weight: 3, opacity: 0.9 },
  subdistrict: { weight: 2, opacity: 0.8 },
  community: { weight: 1.25, opacity: 0.6 },
  grid: { weight: 1, opacity: 0.7 },
};

export async function makeMap(element, options = {}) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(element, {
    attributionControl: Boolean(element.dataset.credit),
    zoomSnap: 0.5,
    minZoom: 8,
    maxZoom: 19,
    zoomAnimation: !still,
    fadeAnimation: !still,
    ...options.leaflet,
  });
  map.attributionControl?.setPrefix("");
  if (element.dataset.tiles) {
    L.tileLayer(element.dataset.tiles, { attribution: element.dataset.credit ?? "" }).addTo(map);
  }
  const house = new House(map, element, options);
  await house.begin();
  return house;
}

class House {
  constructor(map, element, options) {
    this.map = map;
    this.element = element;
    this.options = options;
    this.layers = new Map();
    this.marked = element.dataset.grid || "";
    this.colours = getComputedStyle(document.documentElement);
    new MutationObserver(() => this.restyle()).observe(document.documentElement, {
      attributes: true,
      attributeFilter: ["data-bs-theme"],
    });
  }

  async begin() {
    const { lon, lat } = this.element.dataset;
    if (lon && lat) {
      this.map.setView([Number(lat), Number(lon)], 16);
      this.point(Number(lon), Number(lat));
    } else {
      const outline = await this.fetch({ parent: this.element.dataset.parent, level: this.options.first ?? "district", zoom: 11 });
      const bounds = outline.features.length ? L.geoJSON(outline).getBounds() : null;
      if (bounds?.isValid()) this.map.fitBounds(bounds, { padding: [12, 12], animate: false });
      else this.map.setView([39.08, 117.22], 12);
    }
    this.map.on("moveend", () => this.refresh());
    await this.refresh();
    if (this.marked) await this.show(this.marked, !(lon && lat));
  }

  get level() {
    const wanted = this.options.levels ?? ["subdistrict", "community", "grid"];
    const zoom = this.map.getZoom();
    const fit = zoom < 13 ? "subdistrict" : zoom < 14.5 ? "community" : "grid";
    return wanted.includes(fit) ? fit : wanted.at(-1);
  }

  get box() {
    const b = this.map.getBounds();
    return [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()].map((n) => n.toFixed(5)).join(",");
  }

  async fetch(asked) {
    const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== undefined && value !== ""));
    const answer = await fetch(`${this.element.dataset.geojson}?${query}`, { headers: { Accept: "application/json" } }).catch(() => null);
    return answer?.ok ? answer.json() : { features: [] };
  }

  async refresh() {
    const asked = { parent: this.element.dataset.parent, level: this.level, bbox: this.box, zoom: Math.round(this.map.getZoom()) };
    const key = JSON.stringify(asked);
    if (key === this.last) return;
    this.last = key;
    delete this.element.dataset.drawn; // set again when this part of the map is drawn: tests wait for it
    const found = await this.fetch(asked);
    if (key !== this.last) return; // somebody moved on meanwhile
    this.base?.remove();
    this.base = L.geoJSON(found, {
      style: (feature) => this.style(feature),
      onEachFeature: (feature, layer) => this.bind(feature, layer),
    }).addTo(this.map);
    this.base.bringToBack();
    this.legend(found.features.some((feature) => feature.properties.synthetic));
    this.element.dataset.drawn = asked.level;
  }

  bind(feature, layer) {
    if (!this.options.quiet) layer.bindTooltip(feature.properties.name, { sticky: true });
    if (this.options.onArea) layer.on("click", () => this.options.onArea(feature, layer));
  }

  colour(name) {
    return this.colours.getPropertyValue(name).trim() || "#0b6475";
  }

  style(feature) {
    const { level, synthetic } = feature.properties;
    return {
      ...STYLE[level],
      color: this.colour("--brand"),
      dashArray: synthetic ? "5 5" : null,
      fillColor: this.colour("--brand"),
      fillOpacity: this.options.fill?.(feature) ?? 0.05,
    };
  }

  markedStyle(feature) {
    return { ...this.style(feature), color: this.colour("--red-mark"), weight: 3, opacity: 1, fillOpacity: this.options.markFill ?? 0.18 };
  }

  restyle() {
    this.base?.setStyle((feature) => this.style(feature));
    this.shown?.setStyle((feature) => this.markedStyle(feature));
  }

  async show(code, fit = true) {
    this.marked = code;
    const level = { 4: "city", 6: "district", 9: "subdistrict", 12: "community", 15: "grid" }[code.length];
    const found = await this.fetch({ parent: code, level, zoom: 16 });
    const own = found.features.filter((feature) => feature.properties.code === code);
    this.shown?.remove();
    this.shown = L.geoJSON(own, { style: (feature) => this.markedStyle(feature), interactive: false }).addTo(this.map);
    this.legend(own.some((feature) => feature.properties.synthetic));
    if (fit && own.length) this.map.fitBounds(this.shown.getBounds(), { padding: [24, 24], animate: false });
  }

  // An area that something holds for: {code, title, tone}; the tone is a colour's name.
  async outline({ code, title, tone }) {
    const level = { 4: "city", 6: "district", 9: "subdistrict", 12: "community", 15: "grid" }[code.length];
    const found = await this.fetch({ parent: code, level, zoom: 16 });
    const own = found.features.filter((feature) => feature.properties.code === code);
    const colour = this.colour(`--${tone}`);
    const style = { color: colour, weight: 4, opacity: 1, fillColor: colour, fillOpacity: 0.12 };
    L.geoJSON(own, { style }).bindTooltip(title, { sticky: true }).addTo(this.map);
  }

  point(lon, lat) {
    this.pin?.remove();
    this.pin = L.circleMarker([lat, lon], {
      radius: 9,
      weight: 3,
      color: "#ffffff",
      fillColor: this.colour("--red-mark"),
      fillOpacity: 1,
      interactive: false,
    }).addTo(this.map);
  }

  pick(callback) {
    this.map.on("click", ({ latlng }) => {
      this.point(latlng.lng, latlng.lat);
      callback(latlng.lng, latlng.lat);
    });
  }

  onMove(callback) {
    this.map.on("moveend", () => callback(this.box, this.map.getZoom()));
    callback(this.box, this.map.getZoom());
  }

  legend(synthetic) {
    const word = this.element.dataset.synthetic;
    if (!word || !synthetic || this.noted) return;
    this.noted = L.control({ position: "bottomright" });
    this.noted.onAdd = () => {
      const note = L.DomUtil.create("div", "map-note");
      note.textContent = word;
      return note;
    };
    this.noted.addTo(this.map);
  }
}
