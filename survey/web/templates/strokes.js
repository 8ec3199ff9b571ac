"use strict";
// One stroke, one button; in a field the keys write, Escape leaves it. A form that was sent is not sent twice.
const written = "input:not([type=checkbox], [type=radio]), textarea, select";
const typing = (at) => at.matches(written);
addEventListener("keydown", (event) => {
  const at = event.target instanceof Element ? event.target : document.body;
  if (event.key === "Escape" && typing(at)) { at.blur(); return; }
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing(at)) return;
  const keyed = [...document.querySelectorAll("[data-key]")];
  const found = keyed.find((one) => one.dataset.key === event.key) ?? keyed.find((one) => one.dataset.key === event.key.toLowerCase());
  if (!found) return;
  event.preventDefault();
  if (found.matches(written)) found.focus(); else found.click();
});
for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    for (const field of form.querySelectorAll("[data-draft]")) localStorage.removeItem(`draft ${field.dataset.draft}`);
  });
}
for (const field of document.querySelectorAll("[data-draft]")) {
  const name = `draft ${field.dataset.draft}`;
  field.value = localStorage.getItem(name) ?? field.value;
  field.addEventListener("input", () => localStorage.setItem(name, field.value));
}
addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });
for (const field of document.querySelectorAll("textarea")) {
  field.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.ctrlKey) field.form.requestSubmit(); });
}
// A choice out of a list is the choice of its button, and another button empties the list.
for (const list of document.querySelectorAll("select[data-picks]")) {
  const own = document.getElementById(list.dataset.picks);
  list.addEventListener("change", () => { own.checked = true; });
  for (const one of list.form.elements[own.name]) one.addEventListener("change", () => { if (one !== own) list.value = ""; });
}
const waiting = document.querySelector("[data-wait]");
async function look() {
  try {
    const answer = await fetch(waiting.dataset.wait, {cache: "no-store"});
    const now = answer.ok ? await answer.json() : null;
    if (!now || now.at_hand || now.duty !== waiting.dataset.duty) { location.reload(); return; }
  } catch { /* the network blinks: the next look will tell */ }
  setTimeout(look, 1000);
}
if (waiting) setTimeout(look, 1000);
// How many have rung or written, while a desk is idle; the page itself stays, with whatever is being typed.
const callers = document.querySelector("[data-callers]");
async function count() {
  try {
    const answer = await fetch(callers.dataset.callers, {cache: "no-store"});
    if (answer.ok) {
      const waits = (await answer.json()).calling_in;
      callers.querySelector("[data-callers-count]").textContent = waits;
      callers.classList.toggle("ringing", waits > Number(callers.dataset.count));
    }
  } catch { /* the network blinks: the next look will tell */ }
  setTimeout(count, 3000);
}
if (callers) setTimeout(count, 3000);
for (const one of document.querySelectorAll("[data-print]")) one.addEventListener("click", () => print());
