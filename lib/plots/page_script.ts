/** The page's script: the slider shows and hides marks and counts them, a click enlarges. */
export const PAGE_SCRIPT = `
"use strict";
const slider = document.querySelector("#threshold");
const figures = [...document.querySelectorAll("figure")].map((figure) => ({
  marks: [...figure.querySelectorAll(".picks [data-score]")],
  count: figure.querySelector(".count"),
}));
function show() {
  const threshold = Number(slider.value);
  document.querySelector("#threshold-value").textContent = threshold.toFixed(3);
  let total = 0;
  for (const { marks, count } of figures) {
    let shown = 0;
    for (const mark of marks) {
      const weak = Number(mark.dataset.score) < threshold;
      mark.classList.toggle("weak", weak);
      if (!weak) shown++;
    }
    count.textContent = shown;
    total += shown;
  }
  document.querySelector("#total").textContent = total;
}
slider.addEventListener("input", show);
for (const layer of ["picks", "truth"]) {
  document.querySelector("#show-" + layer)?.addEventListener("change", ({ target }) => {
    document.body.classList.toggle("no-" + layer, !target.checked);
  });
}
for (const picture of document.querySelectorAll(".picture")) {
  picture.addEventListener("click", () => {
    const large = picture.closest("figure").classList.toggle("large");
    picture.setAttribute("aria-expanded", large);
  });
}
`;
