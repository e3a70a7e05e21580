// The lists of messages: where a message goes, what stands between them, and
// where the reader is.
import { $, $$, here, fragment } from "./here.js";
import { Idiomorph } from "./idiomorph.js";
import { dayOf, localize } from "./times.js";

const list = $("#list");
const scroll = $("#scroll");
let readTo = here.read || "";
let newFrom = ""; // the first message that was new when the page opened
let settled = false; // the first state has come: what follows is news
let sendRead = () => {};

export function onRead(fn) { sendRead = fn; }

export const atEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 90;
export function toEnd() {
  scroll.scrollTop = scroll.scrollHeight;
  $("#jump").hidden = true;
}

export function morph(old, fresh) {
  Idiomorph.morph(old, fresh, { morphStyle: "outerHTML", ignoreActiveValue: true });
}

// place puts drawn messages where they belong: in place of what stands there,
// or by their ids.
export function place(html) {
  const stay = !atEnd();
  let mine = false, news = false;
  for (const li of $$("li.msg", fragment(html))) {
    const fresh = !document.getElementById(li.id);
    put(li);
    if (fresh && !li.dataset.thread) {
      news = true;
      mine ||= li.classList.contains("mine") || "alone" in li.dataset;
    }
    if (fresh && settled && !li.classList.contains("mine")) announce(li);
  }
  arrange();
  if (!news) {
    if (!stay) toEnd();
    return;
  }
  if (!stay || mine) toEnd();
  else if (settled) $("#jump").hidden = false;
  seen();
}

function put(li) {
  const root = $("#thread-root");
  if (root?.dataset.root === li.dataset.id) {
    const copy = li.cloneNode(true);
    copy.id = "t-" + li.dataset.id;
    root.firstElementChild ? morph(root.firstElementChild, copy) : root.append(copy);
    localize(root);
  }
  const into = li.dataset.thread ? (root?.dataset.root === li.dataset.thread ? $("#thread-list") : null) : list;
  if (!into) return;
  const old = document.getElementById(li.id);
  if (old) {
    morph(old, li);
  } else {
    let after = into.lastElementChild;
    while (after && (!after.dataset.id || after.dataset.id > li.dataset.id)) after = after.previousElementSibling;
    after ? after.after(li) : into.prepend(li);
    if (into !== list) into.scrollTop = into.scrollHeight;
  }
  localize(document.getElementById(li.id) ?? into);
}

export function gone(id) {
  document.getElementById("m-" + id)?.remove();
  arrange();
}

// arrange groups what one person said in one go, and parts the days.
export function arrange() {
  for (const d of $$(".divider", list)) d.remove();
  let before = null;
  for (const li of $$("li.msg", list)) {
    const newDay = !before || new Date(before.dataset.at).toDateString() !== new Date(li.dataset.at).toDateString();
    const startsNew = li.dataset.id === newFrom;
    if (newDay) li.before(divider(dayOf(li.dataset.at)));
    if (startsNew) li.before(divider("New", "new"));
    const near = before && Date.parse(li.dataset.at) - Date.parse(before.dataset.at) < 300_000;
    li.classList.toggle("cont", Boolean(near && !newDay && !startsNew && li.dataset.user && before.dataset.user === li.dataset.user));
    before = li;
  }
}

function divider(words, kind = "") {
  const li = document.createElement("li");
  li.className = "divider " + kind;
  li.textContent = words;
  return li;
}

function announce(li) {
  const log = $("#announcer");
  const p = document.createElement("p");
  p.textContent = `${li.dataset.name}: ${li.dataset.says}`;
  log.append(p);
  while (log.children.length > 5) log.firstElementChild.remove();
}

// seen tells the server how far the reader has read, when they can see it.
export function seen() {
  if (document.visibilityState !== "visible" || !atEnd()) return;
  $("#jump").hidden = true;
  const newest = $$("li.msg", list).findLast((li) => !li.dataset.id.startsWith("~"))?.dataset.id ?? "";
  if (newest > readTo) {
    readTo = newest;
    sendRead(newest);
  }
}

export function open() {
  if (readTo) newFrom = $$("li.msg", list).find((li) => li.dataset.id > readTo && !li.classList.contains("mine"))?.dataset.id ?? "";
  localize();
  arrange();
  const target = location.hash.startsWith("#m-") && document.getElementById(location.hash.slice(1));
  if (target) target.scrollIntoView({ block: "center" });
  else toEnd();
  scroll.addEventListener("scroll", seen, { passive: true });
  document.addEventListener("visibilitychange", seen);
  new ResizeObserver(() => { if (!target && wasAtEnd) toEnd(); wasAtEnd = atEnd(); }).observe(scroll);
}
let wasAtEnd = true;
$("#scroll").addEventListener("scroll", () => { wasAtEnd = atEnd(); }, { passive: true });

export function firstStateCame() { settled = true; }

// older puts messages in front and keeps the place.
export async function older(url) {
  const res = await fetch(url);
  if (!res.ok) return;
  const height = scroll.scrollHeight, top = scroll.scrollTop;
  for (const li of $$("li.msg", fragment(await res.text())).reverse()) if (!document.getElementById(li.id)) list.prepend(li);
  localize(list);
  arrange();
  here.older = res.headers.get("Tocsin-Older") ?? "";
  $("#older").hidden = !here.older;
  $("#welcome").hidden = Boolean(here.older);
  scroll.scrollTop = top + scroll.scrollHeight - height;
}
