// Maps that are looked at: a click on an area opens it.

import { makeMap } from "./map.js";

for (const element of document.querySelectorAll("[data-map]:not([data-draw])")) {
  makeMap(element, {
    markFill: element.classList.contains("map-browse") ? 0 : 0.18,
    onArea: ({ properties }) => {
      location.href = properties.level === "grid" ? `/areas/${properties.code}/` : `/areas/?at=${properties.code}`;
    },
  });
}
