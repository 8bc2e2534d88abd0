
"use strict";
const form = document.getElementById("filters");
const search = document.getElementById("search");
const rule = document.getElementById("rule");
const boxes = [...form.querySelectorAll("input[name=status]")];
const files = [...document.querySelectorAll(".file")];
const findings = [...document.querySelectorAll(".finding")];
const texts = new Map(findings.map((it) => [
  it, (it.closest(".file").dataset.path + " " + it.textContent).toLowerCase()]));

function read() {
  const state = new URLSearchParams(location.hash.slice(1));
  if (state.has("q")) search.value = state.get("q");
  if (state.has("rule")) rule.value = state.get("rule");
  if (state.has("status")) {
    const wanted = state.get("status").split(",");
    for (const box of boxes) box.checked = wanted.includes(box.value);
  }
}

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
  let count = 0;
  for (const it of findings) {
    const shown = wanted.has(it.dataset.status) && (!rule.value || it.dataset.rule === rule.value)
      && words.every((word) => texts.get(it).includes(word));
    it.classList.toggle("hidden", !shown);
    count += shown;
  }
  for (const file of files) {
    file.classList.toggle("hidden", !file.querySelector(".finding:not(.hidden)"));
  }
  document.getElementById("shown").textContent = `${count} of ${findings.length} shown`;
}

function remember() {
  const wanted = boxes.filter((box) => box.checked).map((box) => box.value).join(",");
  const state = new URLSearchParams({ q: search.value, rule: rule.value, status: wanted });
  history.replaceState(null, "", "#" + state);
  filter();
}

function step(by) {
  const shown = findings.filter((it) => !it.classList.contains("hidden"));
  const at = shown.indexOf(document.activeElement.closest(".finding"));
  const next = shown[Math.max(0, Math.min(shown.length - 1, at < 0 ? 0 : at + by))];
  if (next) next.focus();
}

form.addEventListener("input", remember);
form.addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && event.target === search) { search.value = ""; remember(); return; }
  if (event.target.matches("input, select")) return;
  if (event.key === "/") { event.preventDefault(); search.focus(); }
  if (event.key === "j") step(1);
  if (event.key === "k") step(-1);
  const file = document.activeElement.closest(".file");
  const changes = file && file.querySelector("details.changes");
  if (event.key === "d" && changes) changes.open = !changes.open;
});
function open() {
  const target = document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) target.open = true;
}
window.addEventListener("hashchange", open);
read();
open();
filter();
