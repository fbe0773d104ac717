// Choosing several cases on a desk: the bar with what can be done to them shows as soon as one is chosen.

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-choose-all]")) {
    for (const box of boxes(target.form)) box.checked = target.checked;
  }
  if (target.matches("[data-choose-all], input[name=number]")) count(target.form);
});

function boxes(form) {
  return [...form.querySelectorAll("input[name=number]")];
}

function count(form) {
  const bar = form.querySelector("[data-bulk]");
  if (!bar) return;
  const chosen = boxes(form).filter((box) => box.checked).length;
  bar.hidden = chosen === 0;
  bar.querySelector("[data-bulk-count]").textContent = chosen;
}
