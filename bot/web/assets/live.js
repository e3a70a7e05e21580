// The stream of what changes. A page that lost it asks again, and is brought
// up to date in whole.
import { here } from "./here.js";
import { apply } from "./place.js";
import { flush } from "./outbox.js";
import { status } from "./status.js";

let source = null;
let wait = 250;
let retry = 0;
let beat = Date.now();
let hiddenSince = 0;

export function connect() {
  clearTimeout(retry);
  retry = 0;
  source?.close();
  source = new EventSource(`${here.path}/stream?head=${here.head}`);
  const on = (name, act) => source.addEventListener(name, (e) => { beat = Date.now(); act(JSON.parse(e.data)); });
  on("hello", () => {
    wait = 250;
    document.body.dataset.live = "yes";
    flush();
  });
  on("beat", () => {});
  on("news", apply);
  on("lost", () => location.reload());
  source.onerror = again;
}

// gone holds when the server answers, but not to this browser.
async function gone() {
  try {
    const res = await fetch(here.path, { method: "HEAD" });
    if (res.status === 404) location.reload();
    if (res.status === 401) status("out");
  } catch { /* it does not answer: the outbox says so once there is something to save */ }
}

function again() {
  source?.close();
  gone();
  source = null;
  document.body.dataset.live = "no";
  clearTimeout(retry);
  wait = Math.min(wait * 2, 5000);
  retry = setTimeout(connect, wait);
}

// A browser opens few connections to one server: a tab that nobody looks at
// for a minute gives its stream back.
setInterval(() => {
  const hidden = document.visibilityState === "hidden";
  hiddenSince = hidden ? hiddenSince || Date.now() : 0;
  if (source && Date.now() - beat > 45_000) again();
  if (!hidden || Date.now() - hiddenSince < 60_000) return;
  source?.close();
  source = null;
  clearTimeout(retry);
  retry = 0;
}, 15_000);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  hiddenSince = 0;
  if (!source && !retry) connect();
});
addEventListener("online", connect);
