// The desk's half of a line in this browser: it opens the window that holds the line, shows how that stands, and passes its keys on.
for (const one of document.querySelectorAll("[data-line-open]")) {
  one.addEventListener("click", (event) => { if (open(one.href, one.target, "popup,width=460,height=560")) event.preventDefault(); });
}
const strip = document.querySelector("[data-line-strip]");
if (strip) {
  const wire = new BroadcastChannel("minyi-line");
  const shown = (now) => { for (const one of strip.querySelectorAll("[data-line]")) one.hidden = !now.includes(one.dataset.line); };
  let heard = false;
  wire.addEventListener("message", ({data}) => {
    if (!data.state) return;
    heard = ["registering", "calling", "on", "with"].includes(data.state);
    shown(!heard ? ["none"] : [data.muted ? "muted" : "on", "keys"]);
  });
  for (const one of strip.querySelectorAll("[data-line-press]")) one.addEventListener("click", () => wire.postMessage({press: one.dataset.linePress}));
  wire.postMessage({ask: true});
  setTimeout(() => { if (!heard) shown(["none"]); }, 1500);
}
