"use strict";
// One stream; the browser makes it again when it breaks. Whoever has been signed out is led to the sign-in by loading again.
const place = document.getElementById("now");
const stream = new EventSource(place.dataset.stream);
const stops = () => [...place.querySelectorAll("a[href], [tabindex]")];
const tables = () => [...place.querySelectorAll(".scroll")];
let late;
stream.addEventListener("board", (event) => {
  // Whoever has come to a place by keys, or has pushed a table aside, stays there.
  const at = stops().indexOf(document.activeElement), aside = tables().map((one) => one.scrollLeft);
  place.innerHTML = event.data;
  stops()[at]?.focus({preventScroll: true});
  tables().forEach((one, i) => { one.scrollLeft = aside[i] ?? 0; });
  clearTimeout(late);
  place.classList.remove("stale");
});
stream.addEventListener("error", () => {
  clearTimeout(late);
  late = setTimeout(() => place.classList.add("stale"), 3000);
  if (stream.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
});
