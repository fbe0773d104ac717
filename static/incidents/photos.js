// Photos chosen in a form are shown at once; one that is too large, or no picture, is said before it is sent.
// <input type="file" name="photos" data-most="20971520"> … <div data-previews="photos"></div>

const words = JSON.parse(document.getElementById("words")?.textContent || "{}");

document.addEventListener("change", ({ target }) => {
  if (!target.matches("input[type=file]")) return;
  const shown = target.form?.querySelector(`[data-previews="${target.name}"]`);
  if (!shown) return;
  const most = Number(target.dataset.most || Infinity);
  shown.replaceChildren(...[...target.files].map((file) => preview(file, fault(file, most))));
});

function fault(file, most) {
  if (file.type && !file.type.startsWith("image/")) return words.no_picture;
  return file.size > most ? words.photo_too_big : "";
}

function preview(file, wrong) {
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
  if (wrong) {
    const said = document.createElement("span");
    said.className = "field-error";
    said.role = "alert";
    said.textContent = wrong;
    figure.append(said);
    figure.classList.add("is-wrong");
  }
  return figure;
}
