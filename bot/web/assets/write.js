// Writing in place: a line becomes a box, and what is typed saves itself.
import { $, $$, here, make, button, fragment, toast, newKey } from "./here.js";
import { typed, hold, give, hurry, pending, listen, forget, stands, again } from "./outbox.js";
import * as clash from "./clash.js";
import { select } from "./select.js";

const drawn = new Map(); // how a line reads once its box is closed
const box = (li) => $(":scope > .said > textarea", li);
const words = (li) => $(":scope > .said > .text", li);
export const busy = (li) => Boolean(box(li) || clash.clashOf(li) || pending(li.id).length);

// edit opens a line for writing.
export function edit(li) {
  if (!here.may || li.classList.contains("removed")) return;
  if (box(li)) return box(li).focus();
  const p = words(li);
  const area = make("textarea", { class: "writing", rows: "1", dir: "auto", maxlength: "4000", "aria-label": $(".asked", li)?.textContent || "The line's text", "aria-details": p.getAttribute("aria-details"), enterkeyhint: "done" });
  area.value = pending(li.id).at(-1)?.text ?? li.dataset.text;
  p.hidden = true;
  p.before(area);
  li.classList.add("writing-in");
  select(li, { quiet: true });
  fit(area);
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
  area.addEventListener("input", () => wrote(li, area));
  area.addEventListener("keydown", (e) => keys(e, li));
  area.addEventListener("blur", () => setTimeout(() => leave(li), 0));
}

function fit(area) {
  if (CSS.supports("field-sizing", "content")) return;
  area.style.height = "auto"; // a style of the object model, which the page's policy allows
  area.style.height = area.scrollHeight + "px";
}

function wrote(li, area) {
  const text = area.value.replace(/\s*\n\s*/g, " ");
  if (text !== area.value) area.value = text; // what is pasted becomes one line
  fit(area);
  const against = clash.clashOf(li);
  if (against) {
    const e = pending(li.id)[0];
    if (e) { e.text = text.trim(); stands(e); }
    else hold(li.id, { do: "edit", line: li.dataset.key, section: li.dataset.section, text: text.trim(), base: against.base, clash: { text: against.theirs, by: against.by, version: against.version } });
    return clash.refresh(li);
  }
  if (!text.trim()) return;
  const waits = pending(li.id).at(-1);
  if (text.trim() === (waits?.text ?? li.dataset.text)) return;
  $(".refusal", li)?.remove();
  typed(li.id, {
    text: text.trim(), before: Number(li.dataset.version) || 0, base: waits?.text ?? li.dataset.text, section: li.dataset.section,
    ...(li.dataset.key ? { do: "edit", line: li.dataset.key } : { do: "add", after: li.dataset.after || "" }),
  });
}

function keys(e, li) {
  if (e.isComposing) return;
  if (e.key === "Enter" && !e.shiftKey || e.key === "Escape") {
    e.preventDefault();
    e.stopPropagation();
    if (clash.clashOf(li)) return; // a person chooses first
    const empty = !box(li).value.trim() && !li.dataset.key;
    const back = empty ? li.previousElementSibling?.id : li.id;
    shut(li);
    const next = document.getElementById(back);
    if (next) select(next, { focus: true });
  } else if (e.key === "Enter") e.preventDefault();
}

function leave(li) {
  const area = box(li);
  if (!area || document.activeElement === area || clash.clashOf(li)) return;
  if (!document.hasFocus()) return; // another window: the box stays
  shut(li);
}

// shut closes the box; what it holds is on its way.
function shut(li) {
  const area = box(li);
  if (!area || clash.clashOf(li)) return;
  const text = area.value.trim();
  area.remove();
  li.classList.remove("writing-in");
  hurry(li.id);
  words(li).hidden = false;
  if (!text) {
    if (!li.dataset.key) return li.remove();
    if (li.dataset.text) toast("An empty line is not kept. To take it out, press Take out.");
    return;
  }
  if (text !== li.dataset.text) return pencil(li, text);
  const html = drawn.get(li.id);
  if (html && !pending(li.id).length) swap(li, html);
  settled(li.id);
}

// pencil shows what is not saved yet.
function pencil(li, text) {
  words(li).replaceChildren(text);
  li.classList.add("unsaved");
}

// compose adds a line that is not saved yet, and opens it.
export function compose(list, after) {
  const id = "l-new-" + newKey().slice(0, 8);
  const li = blank(id, list.dataset.section, after?.dataset.key);
  after ? after.after(li) : list.append(li);
  edit(li);
}

function blank(id, section, after) {
  return make("li", { class: "line theirs is-note", id, "data-section": section, "data-after": after, "data-version": "0", "data-text": "" },
    make("div", { class: "said" }, make("p", { class: "text", tabindex: "-1" })));
}

// act does what one of a line's buttons says.
export function act(what, li) {
  const line = li.dataset.key;
  if (what === "edit") edit(li);
  if (what === "below") compose(li.parentElement, li);
  if (["remove", "restore", "revert"].includes(what)) give(li.id, { do: what, line, section: li.dataset.section, before: Number(li.dataset.version) || 0, base: li.dataset.text, text: "" });
}

// find is the line that a change is of; one that was never saved is made anew.
function find(e) {
  const there = document.getElementById(e.slot) || e.line && $$(".line").find((l) => l.dataset.key === e.line);
  if (there || e.do !== "add") return there;
  const list = $$(".lines").find((l) => l.dataset.section === e.section);
  const li = blank(e.slot, e.section, e.after);
  list?.append(li);
  return li;
}

function swap(li, html) {
  const fresh = fragment(html).firstElementChild;
  const there = document.getElementById(fresh.id);
  if (there && there !== li) there.remove(); // the stream brought it first
  if (box(li) || clash.clashOf(li)) { // still writing: only what it stands on changes
    for (const name of ["key", "version", "text", "by"]) li.dataset[name] = fresh.dataset[name] ?? "";
    li.id = fresh.id;
    drawn.set(li.id, html);
    return li;
  }
  drawn.delete(li.id);
  const focus = li.contains(document.activeElement);
  if (li.classList.contains("here")) fresh.classList.add("here");
  li.replaceWith(fresh);
  if (focus) $(".text", fresh).focus();
  return fresh;
}

listen({
  saved(e, answer, over) {
    const li = find(e);
    if (!li || !answer.line) return settled(e.slot);
    const rest = pending(e.slot);
    const fresh = swap(li, answer.line.html);
    for (const later of rest) { later.slot = fresh.id; stands(later); }
    if (over && box(fresh) && !rest.length) against(fresh, null, { theirs: fresh.dataset.text, by: fresh.dataset.by, version: Number(fresh.dataset.version) });
    if (rest.length && !box(fresh)) pencil(fresh, rest.at(-1).text);
    settled(e.slot);
    if (e.slot !== fresh.id) settled(fresh.id);
  },
  clash(e) {
    const li = find(e);
    if (!li) return forget(e);
    if (e.do !== "edit") { // a line that was changed since it was taken out or set back
      forget(e);
      toast(`${e.clash.by || "Somebody"} changed this line since. Nothing was done; look again.`);
      return settled(li.id);
    }
    against(li, e, { theirs: e.clash.text, by: e.clash.by, version: e.clash.version, removed: e.clash.removed });
  },
  refused(e) {
    const li = find(e);
    if (!li || e.do === "move" || !e.text) {
      forget(e);
      for (const b of $$("[data-do]:disabled")) b.disabled = false;
      return toast(e.say);
    }
    $(".refusal", li)?.remove();
    const drop = () => { forget(e); $(".refusal", li).remove(); li.dataset.key ? location.reload() : li.remove(); };
    $(".said", li).append(make("p", { class: "refusal", role: "alert" }, e.say + " ",
      button("Try again", () => { $(".refusal", li).remove(); again(e); }), " ", button("Throw it away", drop)));
    if (!box(li)) pencil(li, e.text);
  },
  kept(e) {
    const li = e.text && find(e);
    if (li) pencil(li, e.text);
  },
});

// against shows another's text beside what is written here.
export function against(li, e, other) {
  const mine = () => box(li)?.value.trim() ?? e?.text ?? li.dataset.text;
  clash.show(li, {
    ...other, base: e?.base ?? li.dataset.text, mine,
    choose(which, text, version) {
      for (const one of pending(li.id)) forget(one);
      box(li)?.remove();
      words(li).hidden = false;
      li.classList.remove("writing-in");
      const was = other.theirs;
      li.dataset.version = version;
      li.dataset.text = was;
      words(li).replaceChildren(text);
      if (text === was) {
        li.classList.remove("unsaved");
        settled(li.id);
        return;
      }
      pencil(li, text);
      give(li.id, { do: "edit", line: li.dataset.key, section: li.dataset.section, text, before: version, base: was });
    },
  });
}

let settled = () => {};
// whenSettled hears of lines that wait for nothing any more.
export function whenSettled(fn) { settled = fn; }
