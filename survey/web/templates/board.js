"use strict";
// One stream; the browser makes it again when it breaks. Whoever has been signed out is led to the sign-in by loading again.
const place = document.getElementById("now");
const stream = new EventSource(place.dataset.stream);
let late;
stream.addEventListener("board", (event) => {
  const at = place.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  place.innerHTML = event.data;
  if (at) [...place.querySelectorAll("a")].find((one) => one.getAttribute("href") === at)?.focus();
  clearTimeout(late);
  place.classList.remove("stale");
});
stream.addEventListener("error", () => {
  clearTimeout(late);
  late = setTimeout(() => place.classList.add("stale"), 3000);
  if (stream.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
});
