// What is wrong with the page as it stands: [kind, what], and the words whose language a person has to account for.
({smallest}) => {
  const faults = [], words = [];
  const root = document.documentElement;
  const visible = (e) => e.checkVisibility({checkOpacity: true, visibilityProperty: true});
  const named = (e) => {
    const own = e.id ? `#${e.id}` : e.classList.length ? `.${[...e.classList].join(".")}` : "";
    return `<${e.localName}${own}> ${(e.innerText ?? "").trim().replace(/\s+/g, " ").slice(0, 40)}`;
  };
  const say = (kind, e, more = "") => {
    if (faults.filter(([known]) => known === kind).length < 4) faults.push([kind, `${named(e)}${more}`]);
  };
  const scrolls = (e) => e && e !== root && (/auto|scroll/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
  const drawn = [...document.body.querySelectorAll("*")].filter(visible);

  if (root.scrollWidth > root.clientWidth) {
    const out = drawn.filter((e) => e.getBoundingClientRect().right > root.clientWidth + 1 && !scrolls(e.parentElement));
    say("overflow", out.at(-1) ?? document.body, ` (${root.scrollWidth} of ${root.clientWidth} px)`);
  }
  for (const e of drawn) {
    const style = getComputedStyle(e);
    if (/hidden|clip/.test(style.overflowX) && e.innerText && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1) say("cut off", e);
  }

  const foreign = root.lang.startsWith("en") ? /[\u3400-\u9fff]+/g : /[A-Za-z][A-Za-z'’-]+/g;
  const marked = "[translate=no], [hreflang], kbd, code, textarea";
  const declared = (e) => { const at = e.closest("[lang]"); return at && at !== root && at.lang !== root.lang; };
  const look = (text, e) => {
    if (e.closest(marked) || declared(e)) return;
    for (const [word] of text.matchAll(foreign)) words.push([word, text.trim().slice(0, 60)]);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const e = node.parentElement, text = node.data.trim();
    if (!text || !visible(e) || e.matches("script, style, noscript")) continue;
    const style = getComputedStyle(e), size = parseFloat(style.fontSize);
    if (size < smallest && !e.closest("svg")) say("small", e, ` (${size} px)`);
    const box = document.createRange();
    box.selectNodeContents(node);
    const {width, height} = box.getBoundingClientRect();
    if (text.length > 6 && width < 2.2 * size && height > 6 * size && style.writingMode === "horizontal-tb") say("squeezed", e);
    look(text, e);
  }
  for (const e of drawn) {
    for (const name of ["placeholder", "title", "aria-label", "alt"]) if (e.getAttribute(name)) look(e.getAttribute(name), e);
  }
  look(document.title, root);

  const main = document.querySelector("main");
  if (!main || main.innerText.trim().length < 10) say("empty", main ?? document.body);
  if (!drawn.some((e) => e.localName === "h1")) say("no heading", main ?? document.body);
  return {faults, words};
}
