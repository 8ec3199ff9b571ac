// Notes what the Tab key comes to, and whether one can see it; `[reached, wanted]` of it is asked when the keys have been pressed.
() => {
  const wanted = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")]
    .filter((e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true}));
  const place = (e) => (e.type === "radio" ? `radio ${e.form?.action} ${e.name}` : e);
  const reached = new Set(), unseen = new Set();
  const plain = (e) => { const s = getComputedStyle(e); return [s.outlineStyle === "none" || parseFloat(s.outlineWidth) === 0, s.boxShadow === "none"]; };
  addEventListener("focusin", ({target}) => {
    reached.add(place(target));
    const around = [target, target.parentElement, target.parentElement?.parentElement].filter(Boolean);
    if (around.every((e) => plain(e).every(Boolean))) unseen.add(target);
  });
  if (document.activeElement) document.activeElement.blur();
  const named = (e) => `<${e.localName}> ${(e.innerText || e.name || e.getAttribute("href") || "").trim().slice(0, 40)}`;
  window.keysPressed = () => ({
    missed: wanted.filter((e) => e.isConnected && !reached.has(place(e))).map(named),
    unseen: [...unseen].map(named),
  });
  const parts = (e) => (/^(date|time|datetime-local|month|week)$/.test(e.type) ? 8 : 1);
  return wanted.reduce((sum, e) => sum + parts(e), 0);
}
