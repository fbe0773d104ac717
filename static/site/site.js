// What every page can do beyond HTML. Nothing here is needed to get work done.
const root = document.documentElement;
const body = document.body;
const $ = (selector, from = document) => from.querySelector(selector);
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
const on = (type, handle, options) => document.addEventListener(type, handle, options);
const make = (tag, facts) => Object.assign(document.createElement(tag), facts);
const words = JSON.parse($("#words")?.textContent || "{}");
const cookie = (name, value) => {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax${secure}`;
};

// --- toasts and announcements ---
function toast(text, { kind = "info", action = "", act = null, stay = kind === "error" } = {}) {
  const place = $("#toasts");
  if ($$("p", place).some((p) => p.textContent === text)) return;
  const note = $("#toast").content.firstElementChild.cloneNode(true);
  note.classList.add(`toast-${kind}`);
  $("p", note).textContent = text;
  if (act) {
    const button = make("button", { type: "button", className: "btn btn-sm", textContent: action });
    button.addEventListener("click", () => { note.remove(); act(); });
    $("p", note).after(button);
  }
  place.append(note);
  if (!stay && !act) later(note);
  return note;
}
const later = (note) => setTimeout(() => note.matches(":hover, :focus-within") || !visible(note) ? later(note) : note.remove(), 8000);
const announce = (text) => { $("#announce").textContent = text; };
const settleToasts = () => $$("#toasts .toast-success:not([data-seen]), #toasts .toast-info:not([data-seen])")
  .forEach((note) => { note.dataset.seen = ""; later(note); });
settleToasts();
// Other scripts speak by events: new CustomEvent("yiwang:toast", { detail: { text, kind, action, act } }).
on("yiwang:toast", (event) => toast(event.detail.text, event.detail));
on("yiwang:announce", (event) => announce(event.detail));

// --- asking before what cannot be undone ---
function ask({ text, title = words.sure, yes = words.yes, danger = false }) {
  const dialog = $("#confirm");
  $("h2", dialog).textContent = title;
  $("p", dialog).textContent = text;
  const button = $('[value="yes"]', dialog);
  button.textContent = yes;
  button.className = danger ? "btn btn-danger" : "btn btn-primary";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((tell) => dialog.addEventListener("close", () => tell(dialog.returnValue === "yes"), { once: true }));
}
const question = (element) => ({
  text: element.dataset.confirm, title: element.dataset.confirmTitle,
  yes: element.dataset.confirmYes, danger: "confirmDanger" in element.dataset,
});
on("click", async (event) => {
  const element = event.target.closest("a[data-confirm], button[data-confirm]");
  if (!element || element.dataset.sure) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!(await ask(question(element)))) return;
  element.dataset.sure = "1";
  element.click();
  delete element.dataset.sure;
}, true);
on("htmx:confirm", async (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  if (await ask({ ...question(event.detail.elt), text: event.detail.question })) event.detail.issueRequest(true);
});

// --- requests: a line while they run, a sentence when they fail ---
let running = 0;
const busy = (step) => { running = Math.max(0, running + step); $("#progress")?.classList.toggle("on", running > 0); };
const quiet = (event) => event.detail.elt?.closest?.("[data-quiet]");
on("htmx:beforeRequest", (event) => quiet(event) || busy(1));
on("htmx:afterRequest", (event) => { quiet(event) || busy(-1); settleToasts(); });
addEventListener("beforeunload", () => busy(1));
addEventListener("pageshow", () => { running = 0; busy(0); $$("[data-sent]").forEach(free); $$("[data-disabled-by-htmx]").forEach(enable); });
const enable = (button) => { button.disabled = false; button.removeAttribute("data-disabled-by-htmx"); };
const fail = (text) => toast(text, { kind: "error" });
on("htmx:sendError", (event) => quiet(event) || fail(words.unreachable));
on("htmx:timeout", (event) => quiet(event) || fail(words.unreachable));
on("htmx:responseError", (event) => {
  if (quiet(event) || event.detail.shouldSwap) return;
  const status = event.detail.xhr.status;
  fail({ 401: words.signed_out, 403: words.forbidden, 404: words.missing, 413: words.too_big, 429: words.too_many }[status] || words.failed);
});
on("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  const signIn = body.dataset.signIn;
  if (signIn && xhr.responseURL && new URL(xhr.responseURL).pathname === signIn && location.pathname !== signIn) {
    event.detail.shouldSwap = false;
    if (!quiet(event)) signedOut();
  } else if (xhr.status >= 400 && !/^text\/html/.test(xhr.getResponseHeader("content-type") || "")) {
    event.detail.shouldSwap = false;
  }
});
const signedOut = () => toast(words.signed_out, {
  kind: "warning", action: words.sign_in,
  act: () => location.assign(`${body.dataset.signIn}?next=${encodeURIComponent(location.pathname + location.search)}`),
});
on("htmx:afterSettle", (event) => {
  const said = event.target.matches?.("[data-announce]") ? event.target : $("[data-announce]", event.target);
  if (said) announce(said.textContent.trim().replace(/\s+/g, " "));
});

on("htmx:configRequest", (event) => { // addresses say only what is set
  const { formData, verb } = event.detail;
  if (verb === "get") new Set(formData.keys()).forEach((name) => { if (formData.getAll(name).every((value) => value === "")) formData.delete(name); });
});

// --- lists remember: the menu leads back to a list as this person last filtered it ---
const remembered = (path) => `yiwang:list:${body.dataset.person}:${path}`;
function remember() {
  if (!$(".filter-bar")) return;
  const search = new URLSearchParams(location.search);
  search.delete("cursor");
  try { localStorage.setItem(remembered(location.pathname), search.toString()); } catch { /* storage is off */ }
}
function lead() {
  $$(".side-link[href], .thumbs a, .crumbs a").forEach((link) => {
    const search = link.pathname !== location.pathname && stored(remembered(link.pathname));
    if (search && !link.search) link.search = search;
  });
}
on("htmx:pushedIntoHistory", remember);
// Half a syllable in a Chinese input method is no search yet.
on("input", (event) => { if (event.isComposing && event.target.closest(".filter-bar")) event.stopPropagation(); }, true);
on("compositionend", (event) => event.target.closest(".filter-bar") && event.target.dispatchEvent(new Event("input", { bubbles: true })));

// --- one press, one request ---
const free = (form) => { delete form.dataset.sent; $$("[aria-busy]", form).forEach((button) => button.removeAttribute("aria-busy")); };
on("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog") return;
  if (!navigator.onLine && form.method === "post") { event.preventDefault(); fail(words.unreachable); return; }
  if (form.method !== "post" || form.matches("[hx-post], [data-hx-post]")) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(() => free(form), 15000);
});

// --- the frame ---
const openSide = (open) => {
  $("#side")?.classList.toggle("open", open);
  $("[data-side-open]")?.setAttribute("aria-expanded", String(open));
  (open ? $("#side [data-side-close]") : $("[data-side-open]"))?.focus();
};
const fold = $("[data-side-fold]");
if (fold) fold.hidden = false;
$$("[data-keys-help]").forEach((button) => { button.hidden = false; });
on("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  if (at("[data-toast-close]")) at(".toast-note").remove();
  else if (at("[data-side-open]")) { event.preventDefault(); openSide(true); }
  else if (at("[data-side-close]")) { event.preventDefault(); openSide(false); }
  else if (at("[data-side-fold]")) {
    const folded = root.dataset.side !== "folded";
    root.dataset.side = folded ? "folded" : "open";
    fold.setAttribute("aria-expanded", String(!folded));
    cookie("side", root.dataset.side);
  } else if (at("[data-keys-help]")) showKeys();
  $$("details.pop[open], details.filter-more[open], details.why-not[open]").forEach((pop) => { if (!pop.contains(event.target)) pop.open = false; });
});
on("keydown", (event) => {
  if (event.key !== "Escape") return;
  const pop = event.target.closest?.("details[open].pop, details[open].filter-more, details[open].why-not");
  if (pop) { pop.open = false; $("summary", pop).focus(); }
  else if ($("#side.open")) openSide(false);
});
on("submit", (event) => {
  if (!event.target.matches("[data-theme-form]") || !event.submitter) return;
  event.preventDefault();
  free(event.target);
  root.dataset.wants = event.submitter.value;
  cookie("theme", event.submitter.value);
  window.yiwangDrawTheme();
  $$("[data-theme-form] [name=theme]").forEach((button) => button.setAttribute("aria-pressed", String(button.value === root.dataset.wants)));
  const pop = event.target.closest("details");
  if (pop) pop.open = false;
}, true);

// --- staying signed in: only while somebody is there, and with a warning before it ends ---
const idle = Number(body.dataset.idle || 0) * 1000;
if (idle) {
  let touched = Date.now();
  let asked = Date.now();
  let warned = null;
  const look = () => body.dispatchEvent(new CustomEvent("yiwang:look"));
  ["pointerdown", "keydown", "scroll"].forEach((type) => addEventListener(type, () => { touched = Date.now(); }, { passive: true }));
  on("htmx:afterOnLoad", () => { asked = Date.now(); warned?.remove(); warned = null; });
  setInterval(() => {
    const now = Date.now();
    if (!document.hidden && now - touched < 120000) look();
    else if (now - asked > idle) signedOut();
    else if (now - asked > idle - 125000 && !warned) warned = toast(words.idle, { kind: "warning", action: words.stay, act: look });
  }, 60000);
  on("visibilitychange", () => document.hidden || look());
}

// --- keyboard: data-key="j" on what can be pressed or typed into; ? lists them ---
const KEYS_OFF = "yiwang:keys-off";
const stored = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
const typing = (element) => element.closest?.("input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable=true], dialog[open]");
const visible = (element) => element.getClientRects().length > 0 && !element.disabled;
function press(element) {
  if (element.matches("input:not([type=checkbox], [type=radio]), textarea, select")) { element.focus(); element.select?.(); } else element.click();
}
on("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (event.key === "?") { event.preventDefault(); showKeys(); return; }
  if (stored(KEYS_OFF)) return;
  const element = $$(`[data-key="${CSS.escape(event.key)}"]`).find(visible);
  if (element) { event.preventDefault(); press(element); } else if (rows(event.key)) event.preventDefault();
});
// In <tbody data-rows> (or any list of [data-row]) j and k move, Enter opens, x ticks.
function rows(key) {
  const all = $$("[data-rows] [data-row]").filter(visible);
  const step = { j: 1, k: -1 }[key];
  let now = all.findIndex((row) => row.getAttribute("aria-selected") === "true");
  if (!all.length || (now < 0 && !step)) return false;
  if (step) {
    all[now]?.setAttribute("aria-selected", "false");
    now = Math.min(all.length - 1, Math.max(0, now + step));
    all[now].setAttribute("aria-selected", "true");
    all[now].scrollIntoView({ block: "nearest" });
    $("a, button", all[now])?.focus({ preventScroll: true });
    all[now].dispatchEvent(new CustomEvent("yiwang:row", { bubbles: true }));
  } else if (key === "x") $("input[type=checkbox]", all[now])?.click();
  else if (key === "o") $("a", all[now])?.click();
  else return false;
  return true;
}
function showKeys() {
  const dialog = $("#keys");
  if (!dialog || dialog.open) return;
  const seen = new Map();
  $$("[data-key]").filter(visible).forEach((element) => seen.set(element.dataset.key, element.dataset.keyLabel || element.ariaLabel || element.textContent.trim()));
  if ($("[data-rows]")) [["j", words.row_next], ["k", words.row_previous], ["o", words.row_open], ["x", words.row_tick]].forEach(([key, what]) => seen.has(key) || seen.set(key, what));
  seen.set("?", words.help);
  $("dl", dialog).replaceChildren(...[...seen].flatMap(([key, what]) => {
    const term = make("dt");
    term.append(make("kbd", { textContent: key }));
    return [term, make("dd", { textContent: what })];
  }));
  const off = $("input", dialog);
  off.checked = !stored(KEYS_OFF);
  off.onchange = () => { try { off.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "1"); } catch { /* storage is off */ } };
  dialog.showModal();
}

// --- many boxes to tick: a line above them narrows them; what is ticked stays in sight ---
const dressTicks = (within) => $$("[data-ticks-find][hidden]", within).forEach((line) => { line.hidden = false; });
on("input", (event) => {
  if (!event.target.matches("[data-ticks-find]")) return;
  const typed = event.target.value.trim().toLowerCase();
  $$("label", event.target.closest("[data-ticks]")).forEach((label) => {
    label.hidden = !label.textContent.toLowerCase().includes(typed) && !$("input:checked", label);
  });
});
on("keydown", (event) => { if (event.key === "Enter" && event.target.matches?.("[data-ticks-find]")) event.preventDefault(); });
on("htmx:load", (event) => dressTicks(event.detail.elt));
dressTicks(document);

// --- photos, large: <a class="photo" href="large.jpg"> ---
on("click", (event) => {
  const link = event.target.closest("a.photo");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  lightbox($$("a.photo", link.closest(".photos") || document), link);
});
function lightbox(links, link) {
  const dialog = make("dialog", { className: "lightbox" });
  const button = (css, label, sign, act) => {
    const made = make("button", { type: "button", className: `btn-plain ${css}`, ariaLabel: label, textContent: sign });
    made.addEventListener("click", act);
    return made;
  };
  const image = make("img");
  const note = make("p", { ariaLive: "polite" });
  let at = links.indexOf(link);
  const show = (step) => {
    at = (at + step + links.length) % links.length;
    image.src = links[at].href;
    image.alt = $("img", links[at])?.alt || "";
    note.textContent = `${at + 1} / ${links.length}　${image.alt}`;
  };
  dialog.append(button("close", words.close, "✕", () => dialog.close()), image, note);
  if (links.length > 1) dialog.append(button("back", words.previous, "‹", () => show(-1)), button("on", words.next, "›", () => show(1)));
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) show(step);
  });
  dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
  body.append(dialog);
  show(0);
  dialog.showModal();
}
remember();
lead();
