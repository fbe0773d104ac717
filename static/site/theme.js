// Loaded before the first paint: draws the page light or dark without a flash, and light on paper.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paper = matchMedia("print");
  const draw = () => {
    const wanted = root.dataset.wants || "auto";
    const night = wanted === "auto" ? dark.matches : wanted === "dark";
    root.dataset.bsTheme = night && !paper.matches ? "dark" : "light";
    document.dispatchEvent(new CustomEvent("yiwang:theme", { detail: root.dataset.bsTheme }));
  };
  root.classList.add("js");
  window.yiwangDrawTheme = draw;
  [dark, paper].forEach((medium) => medium.addEventListener("change", draw));
  draw();
})();
