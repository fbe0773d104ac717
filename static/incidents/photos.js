// Photos chosen in a form are shown at once; one that is too large, or no picture, is said before it is sent.
// <input type="file" name="photos" data-most="20971520"> … <div data-previews="photos"></div>

const words = JSON.parse(document.getElementById("words")?.textContent || "{}");

document.addEventListener("change", ({ target }) => {
  if (!target.matches("input[type=file]")) return;
  const shown = target.form?.querySelector(`[data-previews="${target.name}"]`);
  if (!shown) return;
  const most = Number(target.dataset.most || Infinity);
  shown.replaceChildren(...[...target.files].map((file) => preview(file, most)));
});

async function fault(file, most) {
  if (file.size > most) return words.photo_too_big.replace("%(most)s", Math.floor(most / 2 ** 20));
  return (await isPicture(file)) ? "" : words.no_picture;
}

// By its first bytes, as the server judges it (incidents/photo_reading.py): JPEG, PNG, WebP, HEIC.
const PICTURE = /^(\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF[^]{4}WEBP|[^]{4}ftyp(hei[cxms]|hev[cms]|m[is]f1))/;
async function isPicture(file) {
  try {
    return PICTURE.test(String.fromCharCode(...new Uint8Array(await file.slice(0, 12).arrayBuffer())));
  } catch {
    return true; // it cannot be read here: the server will say
  }
}

function preview(file, most) {
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
  fault(file, most).then((wrong) => {
    if (!wrong) return;
    const said = document.createElement("span");
    said.className = "field-error";
    said.role = "alert";
    said.textContent = wrong;
    figure.append(said);
    figure.classList.add("is-wrong");
  });
  return figure;
}
