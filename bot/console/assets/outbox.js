// What people do, on its way to the server. Each gesture gets its key here,
// once, and is sent with it until there is an answer: through lost replies,
// restarts of the server and reloads of the page.
import { $, here, kept } from "./here.js";
import { place } from "./list.js";

const items = new Map(); // key -> item
const asked = new Map(); // key -> what to do with the answer
let timer = 0;
let wait = 1000;
let running = false;

function save() {
  kept.set("outbox", items.size ? [...items.values()] : undefined);
  draw();
}

// give sends a gesture. The promise holds the server's final answer, or one
// with ok=false and what was wrong.
export function give(url, fields, shown = "") {
  const item = {
    key: crypto.randomUUID(), url, shown, tries: 0, state: "sending",
    fields: { room: here.room, as: here.as, zone: here.zone, ...fields },
  };
  items.set(item.key, item);
  save();
  return new Promise((done) => {
    asked.set(item.key, done);
    run();
  });
}

// run sends what waits, in the order in which it was given.
async function run() {
  if (running) return;
  running = true;
  clearTimeout(timer);
  let again = 0;
  for (const item of items.values()) {
    if (item.state === "stalled" || item.due > Date.now()) {
      if (item.due) again = Math.min(again || Infinity, item.due - Date.now());
      continue;
    }
    const reached = await attempt(item);
    if (!reached) {
      for (const i of items.values()) if (i.state === "sending") i.state = "offline";
      save();
      again = wait = Math.min(wait * 2, 10_000);
      break;
    }
    wait = 1000;
    if (item.due) again = Math.min(again || Infinity, item.due - Date.now());
  }
  running = false;
  const fresh = [...items.values()].some((i) => i.state === "sending" && i.tries === 0);
  if (fresh && again === 0) run();
  else if (again || fresh) timer = setTimeout(run, Math.max(50, again));
}

async function attempt(item) {
  let res, answer;
  item.due = 0;
  try {
    const body = new URLSearchParams({ ...item.fields, key: item.key });
    if (item.tries++) body.set("again", "1");
    res = await fetch(item.url, { method: "POST", body, signal: AbortSignal.timeout(10_000) });
    answer = await res.json();
  } catch {
    item.state = "offline";
    save();
    return false;
  }
  if (answer.html) place(answer.html);
  if (res.status === 202 || answer.kind === "unknown") { // the same key again, for the outcome
    item.state = "working";
    item.due = Date.now() + (answer.kind === "unknown" ? 5000 : 1200);
  } else if (res.status === 503) {
    item.state = "waiting";
    item.say = answer.say;
    item.due = Date.now() + 3000;
  } else if (answer.done && answer.kind === "unavailable") {
    item.state = "stalled"; // told so; a person decides
    settle(item, { ok: false, ...answer }, true);
  } else {
    settle(item, { ok: res.ok, ...answer });
  }
  save();
  return true;
}

function settle(item, answer, keep = false) {
  if (!keep) items.delete(item.key);
  asked.get(item.key)?.(answer);
  asked.delete(item.key);
}

// flush tries at once: the server is back.
export function flush() {
  wait = 1000;
  for (const item of items.values()) if (item.state !== "stalled") item.due = 0;
  run();
}

// resume takes up what a page before this one could not finish.
export function resume(onAnswer) {
  for (const item of kept.get("outbox", [])) {
    items.set(item.key, { ...item, due: 0 });
    asked.set(item.key, (answer) => onAnswer(answer, item));
  }
  draw();
  run();
}

const words = {
  sending: "Sending…",
  offline: "Not sent yet: tocsin is not answering. It goes out when it is back.",
  waiting: "Not sent yet.",
  stalled: "Not recorded.",
};

// onItsWay says whether something that was said in a room has no answer yet.
export function onItsWay(room) {
  return [...items.values()].some((item) => item.shown && item.fields.room === room);
}

// draw shows what is not out yet; quick answers never flash.
function draw() {
  const box = $("#outbox");
  const rows = [];
  for (const item of items.values()) {
    if (!item.shown || item.fields.room !== here.room || item.state === "working") continue;
    if (item.state === "sending" && item.tries > 0) continue;
    const row = document.createElement("li");
    row.className = "pending";
    const p = document.createElement("p");
    p.textContent = item.shown;
    const small = document.createElement("small");
    small.append(item.say || words[item.state] || "");
    if (item.state !== "sending") {
      small.append(button("Try again", () => { item.state = "sending"; item.due = 0; item.say = ""; run(); }));
      if (item.state === "stalled" || item.tries === 0) small.append(button("Discard", () => { settle(item, { ok: false, discarded: true }); save(); }));
    }
    row.append(p, small);
    rows.push(row);
  }
  box.replaceChildren(...rows);
}

function button(label, act) {
  const b = document.createElement("button");
  b.type = "button";
  b.className = "linkish";
  b.textContent = label;
  b.addEventListener("click", act);
  return b;
}
