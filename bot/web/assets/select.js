// A sentence and its sources show each other: under the pointer, under the
// focus, and when they are chosen.
import { $, $$, make, onPhone } from "./here.js";

const sources = (li) => $$(":scope > .said > .rests > .cite, :scope > .rests > .cite", li).map((a) => document.getElementById(a.hash.slice(1))).filter(Boolean);
const users = (message) => $$(".line").filter((li) => sources(li).includes(message));
const other = (node) => node.classList.contains("message") ? users(node) : sources(node);
export const thing = (node) => node.closest?.(".line, .candidate, .message");

let chosen = "";

function light(node, name) {
  for (const lit of $$("." + name)) lit.classList.remove(name);
  if (!node) return;
  node.classList.add(name);
  for (const one of other(node)) one.classList.add(name);
}

// relight marks again what is chosen, after the page has changed.
export function relight() {
  const node = document.getElementById(chosen);
  light(node, "held");
  rove(node);
}

// select chooses a sentence or a message, and brings into sight what belongs
// to it.
export function select(node, { focus = false, quiet = false } = {}) {
  for (const was of $$(".here")) was.classList.remove("here");
  $$(".inline-sources").forEach((box) => box.remove());
  chosen = node?.id ?? "";
  light(node, "held");
  rove(node);
  if (!node) return;
  node.classList.add("here");
  if (focus) (node.classList.contains("message") ? node : $(".text", node)).focus({ preventScroll: true });
  if (focus && onPhone()) node.scrollIntoView({ block: "nearest" });
  else if (focus) reveal(node);
  if (quiet) return;
  if (node.classList.contains("message")) reveal(other(node)[0]);
  else if (onPhone()) below(node);
  else reveal(other(node)[0]);
}

// reveal brings a node into sight. The talk scrolls by itself, and the review
// stays where it is read.
export function reveal(node) {
  if (!node || onPhone()) return;
  const pane = node.closest(".talk"), at = node.getBoundingClientRect();
  if (!pane) {
    if (at.top < 60 || at.bottom > innerHeight) node.scrollIntoView({ block: "center" });
    return;
  }
  const frame = pane.getBoundingClientRect();
  if (at.top < frame.top || at.bottom > frame.bottom) pane.scrollTop += at.top - frame.top - (frame.height - at.height) / 2;
}

// below shows the sources under the sentence, where there is no room beside it.
function below(li) {
  const all = sources(li);
  if (!all.length) return;
  const list = make("ol", { class: "inline-sources messages", "aria-label": "Sources" });
  for (const source of all) {
    const copy = source.cloneNode(true);
    for (const node of [copy, ...$$("[id]", copy)]) node.removeAttribute("id");
    copy.removeAttribute("tabindex");
    copy.classList.remove("held", "lit", "here");
    $(".uses", copy)?.remove();
    list.append(make("li", { class: "inline-source" }, ...copy.childNodes));
  }
  $(".rests", li).after(list);
  list.scrollIntoView({ block: "nearest" });
}

// rove keeps one line in the order of Tab, and its sources with it: a page of
// two hundred sentences is not two hundred stops.
function rove(node) {
  const lines = $$(".draft .line");
  const now = node?.classList.contains("line") ? node : lines.find((l) => $(".text", l)?.tabIndex === 0) ?? lines[0];
  for (const li of lines) {
    const t = li === now ? 0 : -1;
    for (const stop of $$(".said > .text, .rests > .cite", li)) stop.tabIndex = t;
  }
  const used = $$(".message.used");
  const message = node?.classList.contains("message") ? node : used[0];
  for (const m of used) m.tabIndex = m === message ? 0 : -1;
}

function walk(from, step, kind) {
  const all = $$(kind).filter((n) => n.checkVisibility());
  const next = all[all.indexOf(from) + step];
  if (next) select(next, { focus: true });
}

export function keys(e) {
  const node = thing(e.target);
  if (e.target.matches("textarea, input, summary") || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === "Escape") {
    select(null);
    return;
  }
  if (!node) return;
  const kind = node.classList.contains("message") ? ".message.used" : ".draft .line";
  if (e.key === "ArrowDown" || e.key === "ArrowUp") {
    e.preventDefault();
    walk(node, e.key === "ArrowDown" ? 1 : -1, kind);
  } else if (e.key === "ArrowRight" && node.classList.contains("line") && !onPhone()) {
    const to = sources(node)[0];
    if (to) { e.preventDefault(); to.tabIndex = 0; to.focus(); reveal(to); }
  } else if (e.key === "ArrowLeft" && node.classList.contains("message")) {
    const to = users(node)[0];
    if (to) { e.preventDefault(); select(to, { focus: true, quiet: true }); }
  }
}

document.addEventListener("pointerover", (e) => { if (e.pointerType === "mouse") light(thing(e.target), "lit"); });
document.addEventListener("pointerout", (e) => { if (e.pointerType === "mouse" && !thing(e.relatedTarget ?? document.body)) light(null, "lit"); });
document.addEventListener("focusin", (e) => { const node = thing(e.target); if (node) light(node, "lit"); });
document.addEventListener("focusout", () => light(null, "lit"));
