// Drawing on the map: a border (polygons), a line, or a choice of grids. What is drawn stands in the form as GeoJSON
// text, and text that is pasted there appears on the map; a refused form comes back with its drawing.
//
// <form data-drawing> holds a map element with data-draw="border|line|choose", tools [data-tool], a place to
// speak [data-said], and the field the drawing lives in: [name=shape], [name=line], or checkboxes `CODE:version`.

import { makeMap } from "./map.js";

const L = window.L;
const words = document.getElementById("draw-words").dataset;

// Handles of the corners: small for a mouse, large for a finger.
const side = matchMedia("(pointer: coarse)").matches ? 20 : 10;
const handle = new L.DivIcon({ iconSize: new L.Point(side, side), className: "leaflet-div-icon leaflet-editing-icon" });
Object.assign(L.Edit.PolyVerticesEdit.prototype.options, { icon: handle, touchIcon: handle });
Object.assign(L.Draw.Polyline.prototype.options, { icon: handle, touchIcon: handle });

for (const form of document.querySelectorAll("form[data-drawing]")) begin(form);

async function begin(form) {
  const element = form.querySelector("[data-draw]");
  const mode = element.dataset.draw;
  const house = await makeMap(element, { levels: ["grid"], markFill: 0, quiet: mode === "line", onArea: mode === "choose" ? (feature) => toggle(form, feature.properties.code) : undefined });
  if (mode === "choose") return new Choice(form, house);
  return new Drawing(form, house, mode);
}

// --- a border or a line --------------------------------------------------------------------------

class Drawing {
  constructor(form, house, mode) {
    Object.assign(this, { form, house, mode, map: house.map });
    this.field = form.querySelector(mode === "line" ? "[name=line]" : "[name=shape]");
    this.said = form.querySelector("[data-said]");
    this.drawn = L.featureGroup().addTo(this.map);
    this.first = this.field.value;
    this.speak();
    form.querySelector("[data-shape-text]").open = this.field.classList.contains("is-invalid");
    form.querySelector("[data-tools]").hidden = false;
    form.addEventListener("click", (event) => this.use(event.target.closest("[data-tool]")?.dataset.tool));
    this.field.addEventListener("change", () => this.read(this.field.value));
    this.map.on(L.Draw.Event.CREATED, ({ layer }) => this.add(layer));
    this.map.on("draw:drawvertex", () => this.say(this.mode === "line" ? words.line : words.close));
    this.map.on("draw:editvertex", () => this.write());
    this.read(this.first, true);
  }

  // Leaflet.draw shows its hints on the map; they come from one table.
  speak() {
    const { handlers } = L.drawLocal.draw;
    handlers.polygon.tooltip = { start: words.start, cont: words.next, end: words.close };
    handlers.polyline.tooltip = { start: words.start, cont: words.line, end: words.line };
    handlers.polyline.error = words.crosses;
  }

  use(tool) {
    if (!tool) return;
    this.pen?.disable();
    if (tool === "erase") this.clear();
    if (tool === "restore") this.read(this.first);
    if (tool === "polygon" || tool === "polyline") {
      const Pen = tool === "polygon" ? L.Draw.Polygon : L.Draw.Polyline;
      this.pen = new Pen(this.map, { shapeOptions: this.look(), showLength: false, repeatMode: false });
      if (tool === "polyline") this.drawn.clearLayers();
      this.pen.enable();
      this.map.getContainer().focus();
    }
    if (tool === "erase") this.write();
  }

  look() {
    return { color: this.house.colour("--red-mark"), weight: 3, fillOpacity: 0.08, opacity: 1 };
  }

  clear() {
    this.drawn.eachLayer((layer) => layer.editing?.disable());
    this.drawn.clearLayers();
  }

  add(layer) {
    layer.setStyle?.(this.look());
    this.drawn.addLayer(layer);
    layer.editing.enable();
    layer.on("edit", () => this.write());
    this.write();
  }

  // Text to map. Every part of a multipolygon becomes a polygon of its own, which can be edited.
  read(text, quietly = false) {
    this.clear();
    const found = parse(text);
    if (text.trim() && !found) return this.say(words.unreadable);
    for (const layer of found ? layers(found) : []) {
      layer.setStyle(this.look());
      this.drawn.addLayer(layer);
      layer.editing.enable();
      layer.on("edit", () => this.write());
    }
    if (!quietly) this.field.value = text;
    if (this.drawn.getLayers().length) this.map.fitBounds(this.drawn.getBounds(), { padding: [32, 32], animate: false });
    this.tell();
  }

  // Map to text.
  write() {
    const shapes = this.drawn.getLayers().map((layer) => layer.toGeoJSON(8).geometry);
    const polygons = shapes.flatMap((shape) => (shape.type === "MultiPolygon" ? shape.coordinates : [shape.coordinates]));
    let found = null;
    if (this.mode === "line") found = shapes.at(-1) ?? null;
    else if (polygons.length === 1) found = { type: "Polygon", coordinates: polygons[0] };
    else if (polygons.length) found = { type: "MultiPolygon", coordinates: polygons };
    this.field.value = found ? JSON.stringify(found) : "";
    this.tell();
  }

  tell() {
    const all = this.drawn.getLayers();
    if (!all.length) return this.say(words.empty);
    if (this.mode === "line") return this.say(words.drag);
    if (all.some((layer) => crosses(layer.getLatLngs()))) return this.say(words.crosses, true);
    const square = all.reduce((sum, layer) => sum + areaOf(layer.getLatLngs()), 0);
    this.say(`${words.area.replace("%(n)s", (square / 10000).toFixed(2))} · ${words.drag}`);
  }

  say(text, wrong = false) {
    this.said.textContent = text;
    this.said.classList.toggle("is-wrong", wrong);
  }
}

function parse(text) {
  try {
    return text.trim() ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

function layers(found) {
  try {
    const shape = found.features?.[0]?.geometry ?? found.geometry ?? found;
    const turned = (rings, depth) => L.GeoJSON.coordsToLatLngs(rings, depth);
    if (shape.type === "LineString") return [L.polyline(turned(shape.coordinates, 0))];
    if (shape.type === "Polygon") return [L.polygon(turned(shape.coordinates, 1))];
    if (shape.type === "MultiPolygon") return shape.coordinates.map((rings) => L.polygon(turned(rings, 1)));
  } catch {
    // A shape that Leaflet cannot take is still in the text; the server says what is wrong with it.
  }
  return [];
}

// Whether any two sides of a ring cross, apart from neighbours, which share a corner.
function crosses(rings) {
  const nested = Array.isArray(rings[0]) ? rings : [rings];
  return nested.some((ring) => {
    const sides = ring.map((corner, i) => [corner, ring[(i + 1) % ring.length]]);
    return sides.some((one, i) => sides.some((two, j) => j > i + 1 && !(i === 0 && j === sides.length - 1) && cross(one, two)));
  });
}

function cross([a, b], [c, d]) {
  const side = (p, q, r) => Math.sign((q.lng - p.lng) * (r.lat - p.lat) - (q.lat - p.lat) * (r.lng - p.lng));
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

function areaOf(rings) {
  const nested = Array.isArray(rings[0]) ? rings : [rings];
  const [outer, ...holes] = nested.map((ring) => L.GeometryUtil.geodesicArea(ring));
  return outer - holes.reduce((sum, hole) => sum + hole, 0);
}

// --- a choice of grids -----------------------------------------------------------------------------

function boxOf(form, code) {
  return form.querySelector(`input[type=checkbox][value^="${CSS.escape(code)}:"]`);
}

function toggle(form, code) {
  const box = boxOf(form, code);
  if (!box) return;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

class Choice {
  constructor(form, house) {
    Object.assign(this, { form, house });
    this.said = form.querySelector("[data-said]");
    form.querySelector("[data-tools]").hidden = false;
    house.options.fill = (feature) => (boxOf(form, feature.properties.code)?.checked ? 0.45 : 0.05);
    form.addEventListener("change", () => this.tell());
    this.tell();
  }

  tell() {
    this.house.restyle();
    const count = this.form.querySelectorAll("input[type=checkbox]:checked").length;
    this.said.textContent = words.chosen.replace("%(n)s", count);
  }
}
