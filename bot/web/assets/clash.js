// Two texts of one line: both are shown, and a person chooses.
import { $, make, button } from "./here.js";
import { merge, changed } from "./merge.js";
import { say } from "./status.js";

const open = new Map(); // line's id -> what stands against what

export const clashOf = (li) => open.get(li.id);

// show puts the other text below mine. choose hears what it shall be.
export function show(li, { base, theirs, by, version, removed, mine, choose }) {
  if (mine() === theirs && !removed) return choose("theirs", theirs, version);
  const it = { base, theirs, by, version, mine, choose };
  open.set(li.id, it);
  $(".clash", li)?.remove();
  const name = by || "Somebody";
  const box = make("div", { class: "clash", role: "group", "aria-label": "Two texts of one line" },
    make("p", { class: "clash-say" }, make("bdi", {}, name), removed ? " took this line out while you wrote. Keep yours to put it back." : " changed this line while you wrote. Both texts are here; choose one."),
    make("div", { class: "clash-two" },
      side(`${name} wrote`, "theirs", `Take ${name}'s`, () => done(li, "theirs", it.theirs)),
      side("You wrote", "mine", "Keep mine", () => done(li, "mine", mine()))),
    side("Both", "both", "Use both", () => done(li, "both", both(it))));
  $(".said", li).append(box);
  refresh(li);
  say(`${name} changed the line that you are writing. Both texts are shown below it.`);
}

function side(title, name, label, act) {
  return make("section", { "data-side": name }, make("h3", {}, title), make("p", { dir: "auto" }), button(label, act));
}

function both(it) {
  return merge(it.base, it.mine(), it.theirs);
}

// refresh shows the texts as they are now.
export function refresh(li) {
  const it = open.get(li.id), box = $(".clash", li);
  if (!it || !box) return;
  const put = (name, text) => {
    const [a, b, c] = changed(it.base, text);
    $(`[data-side="${name}"] p`, box).replaceChildren(a, b ? make("mark", {}, b) : "", c);
  };
  put("theirs", it.theirs);
  put("mine", it.mine());
  put("both", both(it));
}

function done(li, which, text) {
  const it = open.get(li.id);
  close(li);
  it.choose(which, text, it.version);
}

export function close(li) {
  open.delete(li.id);
  $(".clash", li)?.remove();
}
