// The stream of what changes. A page that lost it says so, asks again, and is
// brought up to date in whole.
import { $, $$, here, query, fragment } from "./here.js";
import { place, gone, morph, firstStateCame, seen } from "./list.js";
import { flush } from "./outbox.js";
import { stir } from "./panels.js";

let source = null;
let wait = 500;
let beat = Date.now();
let retry = 0;
let hiddenSince = 0;
let grace = 0;

function offline(is) {
  if (is) {
    grace ||= setTimeout(() => { $("#offline").hidden = false; }, 1200);
    return;
  }
  clearTimeout(grace);
  grace = 0;
  $("#offline").hidden = true;
}

export function connect() {
  clearTimeout(retry);
  source?.close();
  source = new EventSource("/console/stream?" + query());
  const on = (name, act) => source.addEventListener(name, (e) => { beat = Date.now(); act(e.data); });
  on("hello", (version) => {
    wait = 500;
    offline(false);
    $("#newer").hidden = version === here.version;
    flush();
  });
  on("beat", () => {});
  on("state", (html) => {
    place(html, true);
    firstStateCame();
    stir();
  });
  on("messages", (html) => {
    place(html);
    stir();
  });
  on("gone", gone);
  on("rooms", rooms);
  on("room", room);
  on("noroom", (id) => { document.getElementById("r-" + id)?.remove(); });
  on("head", head);
  on("lost", () => { location.href = "/console/" + (here.as ? "?as=" + here.as : ""); });
  source.onerror = again;
}

function again() {
  source?.close();
  source = null;
  offline(true);
  clearTimeout(retry);
  wait = Math.min(wait * 2, 5000);
  retry = setTimeout(connect, wait);
}

function rooms(html) {
  const box = $("#rooms");
  const fresh = document.createElement("div");
  fresh.id = "rooms";
  fresh.className = "nav-rooms";
  fresh.append(fragment(html));
  const over = $("#rooms-over")?.open;
  morph(box, fresh);
  if (over) $("#rooms-over").open = true;
  title();
}

function room(html) {
  const li = fragment(html).firstElementChild;
  const old = document.getElementById(li.id);
  const into = "over" in li.dataset ? $("#room-list-over") : $("#room-list");
  $("#rooms-over").hidden = false;
  if (old && old.parentElement === into) morph(old, li);
  else {
    old?.remove();
    const start = into.id === "room-list" ? $$(':scope > [data-room="general"], :scope > [data-room="incidents"]', into).at(-1) : null;
    "direct" in li.dataset ? into.append(li) : start ? start.after(li) : into.prepend(li);
  }
  $("#rooms-over").hidden = !$("#room-list-over").children.length;
  title();
}

function head(html) {
  const open = $$("#head details[open]").map((d) => d.id);
  morph($("#head"), fragment(html).firstElementChild);
  for (const id of open) document.getElementById(id).open = true;
}

export function title() {
  const unread = $$(".room.unread").length;
  document.title = document.title.replace(/^\(\d+\) /, "");
  if (unread) document.title = `(${unread}) ${document.title}`;
}

// A browser opens few connections to one server: a tab that nobody looks at
// for a minute gives its stream back, and only asks for the rooms.
async function rest() {
  const hidden = document.visibilityState === "hidden";
  hiddenSince = hidden ? hiddenSince || Date.now() : 0;
  if (!hidden && !source && !retry) connect();
  if (source && Date.now() - beat > 45_000) again();
  if (!hidden || Date.now() - hiddenSince < 60_000) return;
  source?.close();
  source = null;
  retry = 0;
  try {
    const res = await fetch("/console/rooms?" + query());
    if (res.ok) rooms(await res.text());
  } catch { /* the page says so when it is looked at again */ }
}
setInterval(rest, 15_000);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") {
    hiddenSince = 0;
    if (!source) connect();
    seen();
  }
});
addEventListener("online", connect);
