// Checking in to a zone: the phone's position, where it gives one. Without this script one checks in without it.

for (const form of document.querySelectorAll("form[data-arrive]")) find(form);

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
