// The page of one review: what is pressed, and who does it.
import { $, $$, here, ask, onPhone, fragment, toast } from "./here.js";
import { connect } from "./live.js";
import { give, resume } from "./outbox.js";
import { select, keys, thing, relight, reveal } from "./select.js";
import { act, compose, edit } from "./write.js";

function pane(name) {
  document.body.dataset.pane = name;
  for (const b of $$(".tabs [data-show]")) b.setAttribute("aria-pressed", String(b.dataset.show === name));
  scrollTo(0, 0);
}

async function press(b) {
  const what = b.dataset.do;
  const li = b.closest(".line");
  if (what === "print") print();
  else if (what === "unfold") unfold(b);
  else if (what === "move") {
    if (b.dataset.confirm && !await ask(b.dataset.confirm, b.textContent)) return;
    b.disabled = true;
    give("move", { do: "move", move: b.dataset.state });
  } else if (what === "take" || what === "drop") {
    const c = b.closest(".candidate");
    for (const one of $$("button", c)) one.disabled = true;
    give("c-" + c.dataset.message, { do: what, message: c.dataset.message, as: c.dataset.as });
  } else if (what === "add") compose($$(".lines").find((l) => l.dataset.section === b.dataset.section));
  else if (li) act(what, li);
}

async function unfold(b) {
  b.disabled = true;
  try {
    const res = await fetch(b.dataset.from);
    if (!res.ok) throw new Error(String(res.status));
    const found = fragment(await res.text());
    const first = found.firstElementChild;
    b.closest(".gap").replaceWith(found);
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
  } catch {
    b.disabled = false;
    toast("These messages could not be loaded. Try again.");
  }
}

function follow(a, e) {
  const to = document.getElementById(a.hash.slice(1));
  if (!to) return;
  e.preventDefault();
  if (a.classList.contains("cite") && onPhone()) return select(a.closest(".line, .candidate"));
  if (onPhone()) pane(to.closest(".talk") ? "talk" : "draft");
  if (a.classList.contains("use")) return select(to, { focus: true });
  const line = a.closest(".line");
  if (line) select(line, { quiet: true });
  to.tabIndex = 0;
  to.focus({ preventScroll: true });
  onPhone() ? to.scrollIntoView({ block: "center" }) : reveal(to);
}

document.addEventListener("click", (e) => {
  const b = e.target.closest("[data-do]");
  if (b) return press(b);
  const tab = e.target.closest("[data-show]");
  if (tab) return pane(tab.dataset.show);
  const a = e.target.closest("a");
  if (a) {
    if (a.matches(".cite, .use")) follow(a, e);
    return;
  }
  if (e.target.closest("textarea, summary, details, pre, .clash, .refusal")) return;
  const node = thing(e.target);
  if (!node) return;
  if (String(getSelection()) !== "") return; // words are being marked
  const again = node.classList.contains("here") && e.target.closest(".text") && node.classList.contains("line");
  again ? edit(node) : select(node);
});
document.addEventListener("dblclick", (e) => {
  const text = e.target.closest(".line > .said > .text");
  if (text) edit(text.closest(".line"));
});
document.addEventListener("keydown", (e) => {
  const onText = e.target.closest?.(".line > .said > .text");
  if (onText && (e.key === "Enter" || e.key === "F2")) {
    e.preventDefault();
    return edit(onText.closest(".line"));
  }
  keys(e);
});
document.addEventListener("pointerdown", (e) => {
  for (const open of $$("details.drop[open]")) if (!open.contains(e.target)) open.open = false;
});

pane("draft");
relight();
resume();
connect();
if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
if (!here.may) document.body.classList.add("reading");
$("#saved").textContent = "";
