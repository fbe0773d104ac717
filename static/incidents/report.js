// The field report: photo, position and item in three taps. Without this script the form is the same form:
// the item is then picked from a list, and the place is written down in words.
//
// <form data-report data-locate="/api/v1/areas/locate" data-items="…" data-duplicates="…">

import { makeMap } from "../grids/map.js";
import "./photos.js";

const form = document.querySelector("form[data-report]");
const words = JSON.parse(document.getElementById("report-words")?.textContent ?? "{}");

if (form) {
  watchPosition(form);
  watchMap(form);
  watchItem(form);
  form.querySelector("[autofocus]")?.scrollIntoView({ block: "center" });
}

// --- position ------------------------------------------------------------------------------------

function watchPosition(form) {
  const say = form.querySelector("[data-place-said]");
  const again = form.querySelector("[data-place-again]");
  const find = () => {
    if (!navigator.geolocation) return tell(say, words.no_position, "none");
    tell(say, words.finding, "busy");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => place(form, say, coords.longitude, coords.latitude, coords.accuracy, "gps"),
      () => tell(say, words.no_position, "none"),
      { enableHighAccuracy: true, timeout: 10000, maximumAge: 30000 },
    );
  };
  again?.addEventListener("click", find);
  form.addEventListener("place:marked", (event) => {
    const { lon, lat } = event.detail;
    place(form, say, lon, lat, "", "map");
  });
  if (form.elements.lon.value) {
    place(form, say, form.elements.lon.value, form.elements.lat.value, form.elements.accuracy_m.value, form.elements.placed.value);
  } else {
    find();
  }
}

function watchMap(form) {
  const more = form.querySelector(".place-more");
  const element = form.querySelector("[data-pick-map]");
  const open = async () => {
    if (!more.open || element.classList.contains("leaflet-container")) return;
    const { lon, lat } = form.elements;
    if (lon.value) Object.assign(element.dataset, { lon: lon.value, lat: lat.value });
    const house = await makeMap(element);
    house.pick((x, y) => form.dispatchEvent(new CustomEvent("place:marked", { detail: { lon: x, lat: y } })));
  };
  more?.addEventListener("toggle", open);
  open();
}

async function place(form, say, lon, lat, accuracy, how) {
  form.elements.lon.value = Number(lon).toFixed(6);
  form.elements.lat.value = Number(lat).toFixed(6);
  form.elements.accuracy_m.value = accuracy ? Math.round(accuracy) : "";
  form.elements.placed.value = how;
  const answer = await fetch(`${form.dataset.locate}?lon=${lon}&lat=${lat}`, {
    headers: { Accept: "application/json" },
  }).catch(() => null);
  if (!answer?.ok) return tell(say, words.position_kept, "found");
  const found = await answer.json();
  const names = (found.path ?? []).map((area) => area.name).join(" › ");
  const metres = accuracy ? ` · ±${Math.round(accuracy)} m` : "";
  if (found.how === "unplaced") tell(say, words.outside, "none");
  else tell(say, (found.how === "nearest" ? `${words.nearest} ` : "") + names + metres, "found");
  form.dispatchEvent(new CustomEvent("place:known", { bubbles: true, detail: { lon, lat } }));
  duplicates(form);
}

function tell(node, text, state) {
  if (!node) return;
  node.textContent = text;
  node.closest("[data-place]")?.setAttribute("data-place", state);
}

// --- item and duplicates -----------------------------------------------------------------------------

function watchItem(form) {
  form.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-item-code]");
    if (!chip) return;
    event.preventDefault();
    form.elements.namedItem("item").value = chip.dataset.itemCode;
    const chosen = form.querySelector("[data-item-chosen]");
    if (chosen) chosen.textContent = chip.dataset.itemName;
    form.querySelector("[data-item-box]")?.setAttribute("data-item-box", "chosen");
    for (const other of form.querySelectorAll("[data-item-code]")) {
      other.setAttribute("aria-pressed", String(other.dataset.itemCode === chip.dataset.itemCode));
    }
    const may = chip.dataset.selfHandle === "yes";
    form.querySelector("[data-self-handle]")?.toggleAttribute("hidden", !may);
    duplicates(form);
  });
  form.querySelector("[data-item-other]")?.addEventListener("click", () => {
    form.elements.namedItem("item").value = "";
    form.querySelector("[data-item-box]")?.setAttribute("data-item-box", "open");
    form.querySelector("input[name=item_q]")?.focus();
  });
}

// Whoever sends it although there may be a case already does so knowing it: the button says so.
document.getElementById("likely-duplicates")?.addEventListener("htmx:afterSwap", ({ currentTarget }) => {
  const button = form.querySelector("[data-send]");
  const alike = currentTarget.querySelector(".duplicates") && !form.elements.main_case.value;
  button.querySelector("span").textContent = alike ? button.dataset.sendAnyway : button.dataset.send;
});

let asked = 0;
function duplicates(form) {
  clearTimeout(asked);
  asked = setTimeout(() => {
    if (!form.elements.lon.value || !form.dataset.duplicates) return;
    window.htmx?.ajax("GET", form.dataset.duplicates, {
      target: "#likely-duplicates",
      swap: "innerHTML",
      values: {
        lon: form.elements.lon.value,
        lat: form.elements.lat.value,
        item: form.elements.namedItem("item").value,
      },
    });
  }, 250);
}
