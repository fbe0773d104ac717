// The bell without a reload: every fifteen seconds, while this page is looked at, it asks whether anything came in.
// Without it the number is as old as the page.
const EVERY = 15000;
const bell = document.querySelector("[data-live]");
const number = bell?.querySelector(".bell-count");
let tag = "";
let newest = null; // what this page has seen; the first answer is no news
let asking = false;
let timer = 0;

function show({ count, newest: id, text, url, tone }) {
  const known = newest;
  newest = Math.max(id, known ?? 0);
  if (number.textContent.trim() !== count) number.textContent = count;
  if (known === null || id <= known) return;
  document.dispatchEvent(new CustomEvent("yiwang:toast", {
    detail: {
      text, kind: tone === "red" ? "warning" : "info", stay: tone === "red",
      action: bell.dataset.liveOpen, act: () => location.assign(url),
    },
  }));
}

async function look() {
  if (asking || document.hidden) return;
  asking = true;
  try {
    const answer = await fetch(bell.dataset.live, {
      // Nobody is at the keyboard because of this: the session ends as if the page did not ask.
      headers: { "X-Background": "1", ...(tag && { "If-None-Match": tag }) },
      cache: "no-store", redirect: "manual",
    });
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
      clearInterval(timer); // signed out: the page says so by itself
      return;
    }
    if (answer.status !== 200) return; // 304, or out of order for the moment
    tag = answer.headers.get("ETag") || "";
    show(await answer.json());
  } catch { /* no network for the moment */ } finally { asking = false; }
}

if (bell && number) {
  timer = setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
  look();
}
