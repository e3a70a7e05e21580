// What changed elsewhere, put into the page. A line that somebody writes in
// here is never replaced: what changed is shown beside it.
import { $, $$, here, fragment } from "./here.js";
import { pending, inFlight, stands } from "./outbox.js";
import { busy, against, whenSettled } from "./write.js";
import { clashOf } from "./clash.js";
import { say } from "./status.js";
import { relight } from "./select.js";

const late = new Map(); // what came for a line that was busy

export function apply(news) {
  here.head = String(news.head);
  if (news.shape !== here.shape) {
    $("#reshaped") ?? reshaped();
    return;
  }
  const blocks = news.blocks ?? [];
  for (const b of blocks) place(b);
  for (const id of news.gone ?? []) gone(id);
  if (news.whole) sweep(new Set(blocks.map((b) => b.id)));
  relight();
}

function reshaped() {
  const p = document.createElement("p");
  p.id = "reshaped";
  p.className = "banner";
  const a = document.createElement("a");
  a.href = "";
  a.textContent = "Load the page again";
  p.append("This review has other parts now. ", a);
  $("#draft").prepend(p);
}

function gone(id) {
  const node = document.getElementById(id);
  if (node && !(node.classList.contains("line") && busy(node))) node.remove();
}

// sweep takes out what the whole page does not have any more.
function sweep(known) {
  for (const node of $$(".lines > .line, #talk-list > *")) {
    if (!known.has(node.id) && !node.id.startsWith("l-new-")) gone(node.id);
  }
}

function place(b) {
  const fresh = fragment(b.html).firstElementChild;
  const old = document.getElementById(b.id);
  if (old && fresh.classList.contains("line") && busy(old)) return beside(old, fresh, b);
  if (!old && fresh.classList.contains("line") && adding(b)) return late.set(b.id, b);
  late.delete(b.id);
  if (!old) insert(fresh, b);
  else if (old.outerHTML !== fresh.outerHTML) replace(old, fresh, b);
  else insert(old, b);
}

// adding holds while a line that was begun here is on its way: this may be it.
function adding(b) {
  return $$(".line[id^=l-new-]").some((li) => li.parentElement.id === b.in && inFlight(li.id));
}

function replace(old, fresh, b) {
  const focus = old.contains(document.activeElement) ? document.activeElement : null;
  if (old.classList.contains("here")) fresh.classList.add("here");
  if (old.classList.contains("line") && old.dataset.version !== fresh.dataset.version && fresh.dataset.by) {
    fresh.classList.add("fresh");
    if (Number(fresh.dataset.version) > Number(old.dataset.version)) say(`${fresh.dataset.by} changed a line.`);
  }
  for (const d of $$("details[open]", old)) {
    const same = $$("details", fresh).find((one) => one.className === d.className);
    if (same) same.open = true;
  }
  old.replaceWith(fresh);
  insert(fresh, b);
  if (focus) (focus.dataset.do && $(`[data-do="${focus.dataset.do}"]`, fresh) || $(".text", fresh))?.focus({ preventScroll: true });
}

// insert puts a node where it belongs, unless it stands there.
function insert(node, b) {
  if (!b.in) return;
  const list = document.getElementById(b.in);
  const front = b.after && document.getElementById(b.after);
  let at = front ? front.nextElementSibling : list?.firstElementChild;
  while (at && at !== node && at.id.startsWith("l-new-")) at = at.nextElementSibling;
  if (at === node || !list) return;
  list.insertBefore(node, at ?? null);
}

// beside deals with a change of a line that is being written here.
function beside(old, fresh, b) {
  const version = Number(fresh.dataset.version);
  if (!inFlight(old.id) && version <= Number(old.dataset.version)) return;
  late.set(b.id, b);
  if (inFlight(old.id)) return; // it may be our own; the answer tells
  if (clashOf(old)?.version >= version) return;
  const other = { theirs: fresh.dataset.text, by: fresh.dataset.by, version, removed: fresh.classList.contains("removed") };
  const e = pending(old.id)[0];
  if (e?.state === "waiting") { // it would come too late: no need to send it
    e.state = "clash";
    e.clash = { text: other.theirs, by: other.by, version };
    stands(e);
  }
  against(old, e, other);
}

whenSettled((id) => {
  for (const b of [...late.values()]) {
    const li = document.getElementById(b.id);
    if (b.id !== id && li) continue;
    late.delete(b.id);
    const fresh = fragment(b.html).firstElementChild;
    if (li && Number(fresh.dataset.version) < Number(li.dataset.version)) continue;
    place(b);
  }
  relight();
});
