"use strict";
// The line of this window: it registers at the carrier, takes the one call that follows, and ends with the window. The desk, which is
// another window, may mute it and hang it up, and is told how it stands.
const line = document.querySelector("#line");
const by = (id) => document.getElementById(id);
const wire = new BroadcastChannel("minyi-line");
const standing = ["registering", "calling", "on", "with"];
let state = "idle", device = null, call = null, waited = 0;

function show(now) {
  state = now;
  for (const one of document.querySelectorAll("[data-when]")) one.hidden = !one.dataset.when.split(" ").includes(now);
  if (!by("begin").hidden) by("begin").focus();
  if (!call) muted(false); else tell();
}
function muted(is) {
  by("muted").hidden = !is;
  by("mute").setAttribute("aria-pressed", String(is));
  for (const one of document.querySelectorAll("[data-muted]")) one.hidden = (one.dataset.muted === "yes") !== is;
  tell();
}
function tell() { wire.postMessage({state, muted: !by("muted").hidden}); }

const pause = (ms) => new Promise((on) => { setTimeout(on, ms); });
const post = (what) => fetch(line.dataset.at + what, {method: "POST", body: new URLSearchParams(new FormData(by("asks"))), cache: "no-store"});

async function send(what) {
  let answer = await post(what);
  if (answer.status === 401 || answer.status === 403) { await refresh(); answer = await post(what); }
  if (!answer.ok) throw new Error(answer.status === 401 || answer.status === 403 ? "session" : "carrier");
  by("signed-out").hidden = true;
  return answer.json();
}
// Whoever signed in again at the desk has another session, and its forms another token.
async function refresh() {
  const page = new DOMParser().parseFromString(await (await fetch(location.href, {cache: "no-store"})).text(), "text/html");
  const fresh = page.querySelector("#asks input");
  if (!fresh) throw new Error("session");
  by("asks").querySelector("input").value = fresh.value;
}

async function microphone() {
  if (!navigator.mediaDevices || !Twilio.Device.isSupported) return "unsupported";
  try {
    const heard = await navigator.mediaDevices.getUserMedia({audio: true});
    for (const track of heard.getTracks()) track.stop();
    return "";
  } catch (no) { return no.name === "NotAllowedError" || no.name === "SecurityError" ? "refused" : "no-microphone"; }
}

async function begin() {
  if (standing.includes(state) || state === "asking") return;
  show("asking");
  const fault = await microphone();
  if (fault) { show(fault); return; }
  show("registering");
  try {
    device = new Twilio.Device((await send("token")).token, {publishEvents: false, logLevel: "silent"});
    device.on("incoming", take);
    device.on("tokenWillExpire", renew);
    device.on("error", (error) => { if (state === "registering") close("carrier", error.code); });
    await device.register();
    if (state !== "registering") return;
    waited = 0;
    let {duty} = await send("duty");
    for (let n = 0; n < 20 && duty === "leaving" && state === "registering"; n += 1) { await pause(500); ({duty} = await send("duty")); }
    if (!call && !["wanted", "calling", "unknown"].includes(duty)) close("elsewhere");
    if (state === "registering") show("calling");
  } catch (no) { if (state === "registering") close(no.message === "session" ? "session" : "carrier", no.code); }
}

async function renew() {
  try { device.updateToken((await send("token")).token); } catch { by("signed-out").hidden = false; }
}

function take(incoming) {
  if (call || !standing.includes(state)) { incoming.reject(); return; }
  call = incoming;
  call.on("accept", () => show("on"));
  call.on("mute", (is) => muted(is));
  call.on("reconnecting", () => { by("failing").hidden = false; });
  call.on("reconnected", () => { by("failing").hidden = true; });
  for (const end of ["disconnect", "cancel", "reject"]) call.on(end, () => close("ended"));
  call.accept();
}

// Whatever ended it: the operator is off duty, as with a telephone that hung up.
function close(why, code = "") {
  if (!standing.includes(state)) return;
  const gone = device;
  device = call = null;
  by("code").textContent = code ? `(${code})` : "";
  by("failing").hidden = by("signed-out").hidden = true;
  show(why);
  if (gone) gone.destroy();
  if (why !== "elsewhere") send("off").catch(() => {});
}

async function look() {
  if (["calling", "on", "with"].includes(state)) {
    try {
      const answer = await fetch(line.dataset.waiting, {cache: "no-store"});
      const duty = answer.ok ? (await answer.json()).duty : "";
      by("signed-out").hidden = answer.ok;
      if (state === "calling" && duty === "off" && ++waited > 2) close("nobody");
      else if (state === "on" && duty === "in_call") show("with");
      else if (state === "with" && duty && duty !== "in_call") show("on");
    } catch { /* the network blinks: the line says so itself */ }
  }
  setTimeout(look, 1000);
}

by("begin").addEventListener("click", begin);
by("mute").addEventListener("click", () => call?.mute(!call.isMuted()));
by("hang-up").addEventListener("click", () => close("ended"));
wire.addEventListener("message", ({data}) => {
  if (data.ask) tell();
  if (data.press && standing.includes(state)) by(data.press).click();
});
addEventListener("beforeunload", (event) => { if (call) event.preventDefault(); });
addEventListener("pagehide", () => {
  if (!standing.includes(state)) return;
  navigator.sendBeacon(`${line.dataset.at}off`, new FormData(by("asks")));
  state = "ended";
  tell();
});
show("idle");
setTimeout(look, 1000);
