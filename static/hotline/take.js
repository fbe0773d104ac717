// Taking a call with the keyboard alone: Alt and a digit press a suggestion, Enter takes the first place, Ctrl and Enter send; what is pressed goes
// into the form's own fields, so that without this script the form is the same form.

import { makeMap } from "../grids/map.js";

const all = (root, selector) => [...root.querySelectorAll(selector)];
const form = document.querySelector("form[data-take]");

function dress(root) {
  for (const element of all(root, "[data-order-map]:not(.leaflet-container)")) makeMap(element, { levels: ["community", "grid"] });
}

// What changed is kept on the server, and asked about once more.
function changed(field) {
  for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
  form.dispatchEvent(new CustomEvent("yiwang:hint"));
}

function set(name, value) {
  const field = form.elements.namedItem(name);
  field.value = value;
  return field;
}

function decide(value) {
  const field = form.querySelector(`[name=decision][value=${value}]`);
  field.checked = true;
  return field;
}

const PRESSED = {
  setItem: ({ setItem }) => set("item", setItem),
  setUnit: ({ setUnit }) => { decide("dispatch"); return set("unit", setUnit); },
  setCase: ({ setCase }) => { decide("to_case"); return set("case", setCase); },
  setRepeat: ({ setRepeat }) => { decide("other_way"); set("way", "repeat"); return set("repeats", setRepeat); },
  setArea: ({ setArea, address, lon, lat }) => {
    set("lon", lon ?? "");
    set("lat", lat ?? "");
    if (address) set("address", address);
    return set("area", setArea);
  },
};

function press(event) {
  const button = event.target.closest("button[type=button]");
  const name = Object.keys(PRESSED).find((key) => button && key in button.dataset);
  if (!name) return;
  changed(PRESSED[name](button.dataset));
  if (name !== "setArea") return;
  document.getElementById("places").replaceChildren();
  form.elements.namedItem("address").focus(); // the button that had the focus is gone
}

function keys(event) {
  if (event.ctrlKey && event.key === "Enter") {
    event.preventDefault();
    form.querySelector("[data-send]").click();
  } else if (event.key === "Enter" && event.target.matches("form[data-take] input")) {
    event.preventDefault(); // a form half filled must not be sent by the Enter that ends a number or a name
    if (event.target.id === "place") document.querySelector("#places button")?.click();
  } else if (event.altKey && /^[1-9]$/.test(event.key)) {
    const button = document.querySelector(`[data-alt="${event.key}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  }
}

function watchMap() {
  const more = form.querySelector(".place-more");
  const element = form.querySelector("[data-take-map]");
  const open = async () => {
    if (!more.open || element.classList.contains("leaflet-container")) return;
    const { lon, lat } = form.elements;
    if (lon.value) Object.assign(element.dataset, { lon: lon.value, lat: lat.value });
    const house = await makeMap(element);
    house.pick((x, y) => {
      set("lon", x.toFixed(6));
      set("area", "");
      changed(set("lat", y.toFixed(6)));
    });
  };
  more.addEventListener("toggle", open);
}

// What is typed goes to the server every two seconds, however long somebody types without a pause.
function keep() {
  let dirty = false;
  for (const type of ["input", "change"]) form.addEventListener(type, () => { dirty = true; });
  // What the server did not get is asked again with the next turn; until then the page does not call it kept.
  const saved = document.getElementById("saved");
  saved.addEventListener("htmx:sendError", () => {
    dirty = true;
    saved.textContent = saved.dataset.cutOff;
    saved.classList.add("saved-bad");
  });
  saved.addEventListener("htmx:afterSwap", () => saved.classList.remove("saved-bad"));
  setInterval(() => {
    if (!dirty) return;
    dirty = false;
    form.dispatchEvent(new CustomEvent("yiwang:keep"));
  }, 2000);
}

dress(document);
document.addEventListener("htmx:load", ({ detail }) => dress(detail.elt));
if (form) {
  document.addEventListener("click", press);
  document.addEventListener("keydown", keys);
  // An item or an urgency that was chosen changes what is suggested.
  form.elements.namedItem("item").addEventListener("change", () => form.dispatchEvent(new CustomEvent("yiwang:hint")));
  watchMap();
  keep();
  form.querySelector(".is-invalid")?.focus(); // what was refused
}
