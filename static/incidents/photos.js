// Photos chosen in a form are shown at once, and one that is too large is said before it is sent.
// <input type="file" name="photos" data-most="20971520"> … <div data-previews="photos"></div>

document.addEventListener("change", ({ target }) => {
  if (!target.matches("input[type=file]")) return;
  const shown = target.form?.querySelector(`[data-previews="${target.name}"]`);
  if (!shown) return;
  shown.replaceChildren(...[...target.files].map(preview));
  const big = [...target.files].find((file) => file.size > Number(target.dataset.most || Infinity));
  shown.classList.toggle("is-too-big", Boolean(big));
});

function preview(file) {
  const figure = document.createElement("figure");
  figure.className = "preview";
  const image = document.createElement("img");
  const name = document.createElement("figcaption");
  image.alt = "";
  name.textContent = file.name;
  image.src = URL.createObjectURL(file);
  image.onload = () => URL.revokeObjectURL(image.src);
  image.onerror = () => image.remove(); // HEIC, or no picture at all: its name stays
  figure.append(image, name);
  return figure;
}
