"use strict";
const filter = document.querySelector(".filter");
if (filter) {
  filter.hidden = false;
  const words = filter.querySelector("input[type=search]");
  const found = filter.querySelector("output");
  const narrow = () => {
    const wanted = words.value.toLowerCase();
    const kinds = new Set([...filter.querySelectorAll("input:checked")].map((box) => box.value));
    let shown = 0;
    for (const finding of document.querySelectorAll(".finding")) {
      const rule = finding.closest(".rule").querySelector("header").textContent;
      const text = `${rule} ${finding.textContent}`.toLowerCase();
      finding.hidden = !kinds.has(finding.dataset.kind) || !text.includes(wanted);
      shown += finding.hidden ? 0 : 1;
    }
    for (const rule of document.querySelectorAll(".rule")) {
      rule.hidden = !rule.querySelector(".finding:not([hidden])");
    }
    found.textContent = found.dataset.shown.replace("#", shown);
  };
  filter.addEventListener("input", narrow);
}
