// Loaded before the first paint: draws the page light or dark without a flash.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const draw = () => {
    const wanted = root.dataset.wants || "auto";
    root.dataset.bsTheme = wanted === "auto" ? (dark.matches ? "dark" : "light") : wanted;
    document.dispatchEvent(new CustomEvent("yiwang:theme", { detail: root.dataset.bsTheme }));
  };
  root.classList.add("js");
  window.yiwangDrawTheme = draw;
  dark.addEventListener("change", draw);
  draw();
})();
