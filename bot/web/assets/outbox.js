// What people changed, on its way to the server. Each change gets its key
// here, once, lies in this browser until the server has answered, and is sent
// with the same key through lost answers, restarts and reloads.
import { here, newKey } from "./here.js";
import { status } from "./status.js";

const front = `tocsin-review/${here.number}/`;
const settleIn = 1000; // after the last key
const othersTab = 5000; // so long a change that is being typed is left to its tab
const entries = []; // in the order in which they were made
const hear = { saved() {}, clash() {}, refused() {}, kept() {} };
let sending = null;
let timer = 0;
const first = 500; // before a change is tried again
let wait = first;
let trouble = "";

export function listen(to) { Object.assign(hear, to); }

export const pending = (slot) => entries.filter((e) => e.slot === slot);
export const inFlight = (slot) => sending?.slot === slot;
const unsaved = (e) => e.state !== "clash" && e.state !== "refused";

function keep(e) {
  try {
    localStorage.setItem(front + e.key, JSON.stringify(e));
  } catch { /* a full store: it is still in this page */ }
}

export function forget(e) {
  const at = entries.indexOf(e);
  if (at >= 0) entries.splice(at, 1);
  localStorage.removeItem(front + e.key);
  show();
}

function add(fields) {
  const e = { key: newKey(), made: Date.now(), seq: entries.length, state: "waiting", tried: false, ...fields };
  entries.push(e);
  keep(e);
  return e;
}

// typed takes what stands in a box now. It is sent a second after the last key.
export function typed(slot, fields) {
  let e = entries.find((one) => one.slot === slot && one.typing && !one.tried && one !== sending);
  const refused = entries.find((one) => one.slot === slot && one.state === "refused");
  if (!e) e = add({ slot, typing: true, ...fields, ...(refused && { before: refused.before, base: refused.base }) });
  if (refused) forget(refused); // what is typed now holds it
  e.text = fields.text;
  e.touched = Date.now();
  e.due = Date.now() + settleIn;
  keep(e);
  show();
  run();
  return e;
}

// hold keeps what is typed against another's text, until a person has chosen.
export function hold(slot, fields) {
  const e = add({ slot, state: "clash", ...fields });
  show();
  return e;
}

// give sends a change at once.
export function give(slot, fields) {
  const e = add({ slot, due: 0, ...fields });
  show();
  run();
  return e;
}

// hurry sends what a line still waits with.
export function hurry(slot) {
  for (const e of entries) if (e.slot === slot && unsaved(e)) e.due = 0;
  run();
}

// flush tries at once: the server is back, or the page is being left.
export function flush() {
  wait = first;
  trouble = "";
  for (const e of entries) if (unsaved(e)) e.due = 0;
  run();
}

// run sends what is due, one after the other, in the order in which it was made.
async function run() {
  if (sending) return;
  clearTimeout(timer);
  const e = entries.find(unsaved);
  if (!e) return show();
  const rest = (e.due || 0) - Date.now();
  if (rest > 0) {
    timer = setTimeout(run, rest);
    return;
  }
  sending = e;
  e.tried = true;
  keep(e);
  show();
  const reached = await attempt(e);
  sending = null;
  if (!reached) {
    e.due = Date.now() + wait;
    wait = Math.min(wait * 2, 8000);
  }
  show();
  run();
}

async function attempt(e) {
  let res, answer;
  try {
    res = await fetch(here.path + "/change", {
      method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, signal: AbortSignal.timeout(10_000),
      body: JSON.stringify({ key: e.key, do: e.do, line: e.line, section: e.section, after: e.after, text: e.text, before: e.before || 0, state: e.move, message: e.message, as: e.as }),
    });
    answer = await res.json();
  } catch {
    trouble = "away";
    return false;
  }
  if (res.status === 401) {
    trouble = "out";
    return false;
  }
  if (res.status >= 500 || res.status === 429) {
    trouble = "away";
    return false;
  }
  trouble = "";
  wait = first;
  settle(e, res, answer);
  return true;
}

function settle(e, res, answer) {
  if (answer.conflict) {
    e.state = "clash";
    e.clash = answer.conflict;
    gather(e);
    hear.clash(e);
  } else if (!res.ok) {
    e.state = "refused";
    e.say = [answer.text, answer.try].filter(Boolean).join(" ") || "It was not saved.";
    gather(e);
    hear.refused(e);
  } else {
    forget(e);
    const fresh = answer.line && element(answer.line.html);
    // Somebody may have written over it before the answer was drawn: what was
    // typed since is then over an old text, and must be refused.
    const over = fresh && e.text && fresh.dataset.text !== e.text && fresh.dataset.by !== here.you;
    for (const later of pending(e.slot)) { // written over what was just saved
      if (later.tried) continue;
      if (!over) later.before = answer.version;
      later.base = e.text;
      if (later.do === "add" && fresh) Object.assign(later, { do: "edit", line: fresh.dataset.key });
      keep(later);
    }
    hear.saved(e, answer, over);
  }
}

// gather puts what was typed since into one change that is not sent.
function gather(e) {
  for (const later of pending(e.slot)) {
    if (later === e) continue;
    e.text = later.text;
    forget(later);
  }
  keep(e);
}

function element(html) {
  const t = document.createElement("template");
  t.innerHTML = html;
  return t.content.firstElementChild;
}

// stands keeps a change in this browser as it is now.
export function stands(e) { keep(e); show(); }

// again sends a refused change once more.
export function again(e) {
  Object.assign(e, { state: "waiting", due: 0, key: replaced(e) });
  keep(e);
  run();
}

function replaced(e) { // another key: the old one stands for the refusal
  localStorage.removeItem(front + e.key);
  return newKey();
}

function show() {
  const states = entries.map((e) => e.state);
  if (trouble && entries.some(unsaved)) status(trouble);
  else if (entries.some(unsaved)) status("saving");
  else if (states.includes("clash")) status("choose");
  else if (states.includes("refused")) status("refused");
  else status(shown ? "saved" : "idle");
  if (entries.length) shown = true;
}
let shown = false;

// resume takes up what a page before this one could not finish. Another tab
// may do so too: the key is the same, and counts once.
export function resume() {
  const found = [];
  for (let i = 0; i < localStorage.length; i++) {
    const name = localStorage.key(i);
    if (!name.startsWith(front)) continue;
    try {
      found.push(JSON.parse(localStorage.getItem(name)));
    } catch {
      localStorage.removeItem(name);
    }
  }
  found.sort((a, b) => a.made - b.made || a.seq - b.seq);
  const mine = new Set(entries.map((e) => e.key));
  let later = false;
  for (const e of found) {
    if (mine.has(e.key)) continue;
    if (!e.tried && e.typing && Date.now() - e.touched < othersTab) { // another tab is still typing it
      later = true;
      continue;
    }
    entries.push({ ...e, due: 0 });
    hear.kept(e);
  }
  if (later) setTimeout(resume, othersTab);
  for (const e of entries.filter((one) => !mine.has(one.key))) {
    if (e.state === "clash") hear.clash(e);
    if (e.state === "refused") hear.refused(e);
  }
  show();
  run();
}

addEventListener("beforeunload", (event) => {
  if (!entries.some(unsaved)) return;
  flush();
  event.preventDefault();
});
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") flush(); });
addEventListener("online", flush);
