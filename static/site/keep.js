// <form data-keep="report">: what was typed or attached stays on this device until the server has it.
// Kept per person for a day in IndexedDB; passwords never. Cleared when an htmx request of the form
// succeeds, when the next page carries a success message or [data-kept-done~="report"], or when it is
// another page without that form; wiped when the person signs out.
const who = document.body.dataset.person || "anonymous";
const DAY = 24 * 3600 * 1000;
const words = JSON.parse(document.getElementById("words")?.textContent || "{}");

const opened = new Promise((open) => {
  try {
    const request = indexedDB.open("yiwang", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("kept");
    request.onsuccess = () => open(request.result);
    request.onerror = () => open(null);
  } catch { open(null); }
});
async function store(mode, act) {
  const base = await opened;
  if (!base) return undefined;
  return new Promise((tell) => {
    const request = act(base.transaction("kept", mode).objectStore("kept"));
    request.onsuccess = () => tell(request.result);
    request.onerror = () => tell(undefined);
  });
}
const slot = (form) => `${who}:${form.dataset.keep}`;
const read = (form) => store("readonly", (kept) => kept.get(slot(form)));
const forget = (key) => { sent.delete(key); return store("readwrite", (kept) => kept.delete(key)); };

// Which forms this tab has sent: known at once on the next page, whatever the database still does.
const mark = (act, key) => { try { return sessionStorage[act](`yiwang:sent:${key}`, "1"); } catch { return null; } };
const sent = { add: (key) => mark("setItem", key), has: (key) => mark("getItem", key), delete: (key) => mark("removeItem", key) };

const fields = (form) => [...form.elements].filter((field) =>
  field.name && !field.disabled && !["password", "submit", "button", "reset"].includes(field.type) &&
  !["csrfmiddlewaretoken", "next"].includes(field.name) && !("noKeep" in field.dataset));
const ticks = (field) => field.type === "checkbox" || field.type === "radio";

function snapshot(form) {
  return fields(form).map((field) => ({
    name: field.name, type: field.type,
    value: field.type === "select-multiple" ? [...field.selectedOptions].map((option) => option.value) : field.value,
    checked: ticks(field) ? field.checked : null,
    files: field.type === "file" ? [...field.files] : null,
  }));
}
function putBack(field, kept) {
  if (kept.files) {
    if (!kept.files.length || field.files.length) return false;
    const carrier = new DataTransfer();
    kept.files.forEach((file) => carrier.items.add(file));
    field.files = carrier.files;
  } else if (kept.checked !== null) {
    if (field.checked === kept.checked) return false;
    field.checked = kept.checked;
  } else if (Array.isArray(kept.value)) {
    [...field.options].forEach((option) => { option.selected = kept.value.includes(option.value); });
  } else {
    if (field.value === kept.value) return false;
    field.value = kept.value;
  }
  for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
  return field.type !== "hidden";
}
async function restore(form) {
  const kept = await read(form);
  if (!kept || Date.now() - kept.at > DAY) return;
  const answered = form.querySelector(".is-invalid, .alert-danger") || "bound" in form.dataset;
  if (answered) sent.delete(slot(form));
  let changed = false;
  restoring = true;
  const left = [...kept.fields];
  for (const field of fields(form)) {
    const at = left.findIndex((old) => old.name === field.name && (!ticks(field) || old.value === field.value));
    if (at < 0) continue;
    const [old] = left.splice(at, 1);
    if (answered && !old.files) continue; // the server has put the words back itself
    changed = putBack(field, old) || changed;
  }
  restoring = false;
  form.dispatchEvent(new CustomEvent("yiwang:restored", { bubbles: true, detail: kept.extra }));
  if (changed && !answered) tellRestored(form);
}
function tellRestored(form) {
  document.dispatchEvent(new CustomEvent("yiwang:toast", { detail: {
    text: words.kept, action: words.discard,
    act: async () => { await forget(slot(form)); location.reload(); },
  } }));
}

// Back may bring the page as it was left. A form that the server took meanwhile is drawn anew, empty.
const gone = new Set();
addEventListener("pageshow", async ({ persisted }) => {
  if (!persisted) return;
  for (const form of gone) if (!(await read(form))) location.reload();
});

let restoring = false;
const timers = new WeakMap();
function save(form) {
  clearTimeout(timers.get(form));
  const record = { at: Date.now(), fields: snapshot(form) };
  return store("readwrite", (kept) => kept.put(record, slot(form)));
}
const soon = (event) => {
  const form = event.target.form?.closest("[data-keep]");
  if (!form || restoring) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => save(form), 300));
  sent.delete(slot(form));
};
document.addEventListener("input", soon);
document.addEventListener("change", soon);
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-keep]")) {
    save(event.target);
    if (!event.defaultPrevented) { sent.add(slot(event.target)); gone.add(event.target); } // else htmx sends it, or nobody does
  }
  if (event.target.matches("[data-sign-out]")) wipe();
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form[data-keep]");
  if (form && event.detail.requestConfig.verb !== "get" && event.detail.successful) { clearTimeout(timers.get(form)); forget(slot(form)); }
});
document.addEventListener("htmx:afterSettle", (event) => {
  event.target.querySelectorAll?.("form[data-keep]").forEach(restore);
});

const mine = async () => ((await store("readonly", (kept) => kept.getAllKeys())) || []).filter((key) => key.startsWith(`${who}:`));
async function wipe() { for (const key of await mine()) forget(key); }

async function arrive() {
  const forms = [...document.querySelectorAll("form[data-keep]")];
  const here = new Set(forms.map(slot));
  const done = new Set([...document.querySelectorAll("[data-kept-done]")].flatMap((mark) => mark.dataset.keptDone.split(/\s+/)));
  const praised = document.querySelector("#toasts .toast-success");
  for (const key of await mine()) {
    const kept = await store("readonly", (all) => all.get(key));
    const finished = sent.has(key) && (praised || !here.has(key));
    if (!kept || finished || done.has(key.slice(who.length + 1)) || Date.now() - kept.at > DAY) await forget(key);
  }
  forms.forEach(restore);
}
arrive();
