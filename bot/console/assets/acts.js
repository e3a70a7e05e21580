// Buttons, forms, reactions, pins, threads: what people do with messages.
import { $, $$, here, query, fragment, toast, narrow } from "./here.js";
import { give } from "./outbox.js";
import { localize } from "./times.js";
import { older, toEnd } from "./list.js";
import { edit, start, takeUp as take } from "./write.js";

const busy = new Set(); // gestures under way: a double click sends once

async function once(name, act) {
  if (busy.has(name)) return;
  busy.add(name);
  try { await act(); } finally { busy.delete(name); }
}

function tell(answer) {
  if (answer.form) openForm(answer.form);
  else if (!answer.ok && answer.say && !answer.done) toast(answer.say);
}

/* buttons of messages */

async function press(button) {
  const li = button.closest("li.msg");
  const { command, seen, confirm } = button.dataset;
  if (confirm && !(await ask(confirm, button.textContent.trim(), button.classList.contains("danger")))) return;
  return once(`press ${li?.dataset.id} ${command} ${seen}`, async () => {
    button.setAttribute("aria-busy", "true");
    const label = button.textContent.trim();
    tell(await give("/console/press", { text: command, seen, label, message: li?.dataset.id ?? "", thread: li?.dataset.thread ?? "" }, label));
    button.removeAttribute("aria-busy");
  });
}

let asked = Promise.resolve(); // the answer to the question before

// ask puts a question and gives the answer; one question at a time.
async function ask(words, label, danger) {
  const dialog = $("#ask");
  if (dialog.open) return false;
  await asked; // a dialog is shut before it says so
  $("#ask-words").textContent = words;
  const yes = $("#ask-yes");
  yes.textContent = label;
  yes.classList.toggle("yes-danger", danger);
  dialog.returnValue = "no";
  dialog.showModal();
  asked = new Promise((done) => dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true }));
  return asked;
}

/* forms */

export function openForm(html) {
  const box = $("#forms");
  box.replaceChildren(fragment(html));
  localize(box);
  const dialog = $("dialog", box);
  dialog.addEventListener("close", () => dialog.remove());
  $("form", dialog).addEventListener("submit", (e) => { e.preventDefault(); submit(dialog); });
  dialog.showModal();
  $("input:not([type=hidden]), textarea, select", dialog)?.focus();
}

function submit(dialog) {
  const form = $("form", dialog);
  const fault = $(".form-fault", dialog);
  return once("submit " + form.dataset.command, async () => {
    const send = $("button.primary", form);
    send.setAttribute("aria-busy", "true");
    fault.hidden = true;
    const values = Object.fromEntries(new FormData(form));
    for (const c of $$("input[type=checkbox]", form)) if (!c.checked) values[c.name] = "";
    const { command, seen, label, thread } = form.dataset;
    const slow = setTimeout(() => { fault.textContent = "Working on it, not recorded yet."; fault.hidden = false; }, 3000);
    const a = await give("/console/submit", { ...values, text: command, seen, label, thread }, label);
    clearTimeout(slow);
    send.removeAttribute("aria-busy");
    if (a.form) return openForm(a.form);
    if (a.ok && !a.kind) return dialog.close();
    fault.textContent = a.say || "That did not work. Try again.";
    fault.hidden = false;
  });
}

/* reactions, pins, threads */

const tools = {
  emoji: (li, button) => picker(li, button),
  thread: (li) => thread(li.dataset.thread || li.dataset.id),
  pin: async (li, button) => tell(await give("/console/pin", { message: li.dataset.id, away: button.getAttribute("aria-pressed") === "true" ? "1" : "" })),
  edit: (li) => edit(li),
  delete: async (li) => {
    if (await ask("Delete this message for everybody?", "Delete", true)) tell(await give("/console/delete", { message: li.dataset.id }));
  },
  dismiss: async (li) => {
    li.hidden = true;
    tell(await give("/console/delete", { message: li.dataset.id }));
  },
};

const rooms = {
  older: () => once("older", () => older("/console/older?" + query({ before: here.older }))),
  jump: toEnd,
  join: async () => tell(await give("/console/join", {})),
  leave: async () => tell(await give("/console/join", { away: "1" })),
  try: (button) => take(button.closest("#thread") ? $('[data-composer="thread"]') : $('[data-composer="room"]'), button.textContent),
  "close-thread": closeThread,
  "close-form": () => $("#forms dialog")?.close(),
};

let picking = null;
function picker(li, button) {
  const box = $("#emoji");
  picking = li.dataset.id;
  const at = button.getBoundingClientRect();
  box.showPopover();
  const size = box.getBoundingClientRect();
  box.style.left = Math.max(8, Math.min(at.left, innerWidth - size.width - 8)) + "px";
  box.style.top = Math.max(8, at.top - size.height - 6) + "px";
  $("button", box).focus();
}

async function react(id, emoji, away) {
  await once(`react ${id} ${emoji}`, async () => tell(await give("/console/react", { message: id, text: emoji, away: away ? "1" : "" })));
}

export async function thread(id) {
  const res = await fetch("/console/thread?" + query({ thread: id }));
  if (!res.ok) return toast("That message is not there any more.");
  const box = $("#thread");
  box.replaceChildren(fragment(await res.text()));
  box.hidden = false;
  shown();
  if (narrow()) $("#side").showPopover();
  $("textarea", box)?.focus();
  const url = new URL(location.href);
  url.searchParams.set("thread", id);
  history.replaceState(null, "", url);
}

// shown readies a thread that stands on the page.
export function shown() {
  const box = $("#thread");
  localize(box);
  start($('[data-composer="thread"]', box));
  const replies = $("#thread-list", box);
  if (replies) replies.scrollTop = replies.scrollHeight;
}

function closeThread() {
  $("#thread").replaceChildren();
  $("#thread").hidden = true;
  if ($("#side").matches(":popover-open")) $("#side").hidePopover();
  const url = new URL(location.href);
  url.searchParams.delete("thread");
  history.replaceState(null, "", url);
  $("#say")?.focus();
}

document.addEventListener("click", (e) => {
  const target = e.target.closest("button, a, summary");
  for (const d of $$("details.drop[open]")) if (!d.contains(e.target)) d.open = false;
  if (!target) return;
  const li = target.closest("li.msg");
  if (target.dataset.command) press(target);
  else if (target.dataset.react && li) react(li.dataset.id, target.dataset.react, target.getAttribute("aria-pressed") === "true");
  else if (target.dataset.emoji) {
    $("#emoji").hidePopover();
    react(picking, target.dataset.emoji, false);
  } else if (li && tools[target.dataset.do]) tools[target.dataset.do](li, target);
  else if (rooms[target.dataset.do]) rooms[target.dataset.do](target);
  else if (target.matches('a[href^="/console/r/"]') && here.as) {
    const url = new URL(target.href); // a tab keeps whom it speaks as
    url.searchParams.set("as", here.as);
    target.href = url;
  }
});

document.addEventListener("keydown", (e) => {
  if (e.key !== "Escape" || e.defaultPrevented || $("dialog[open]")) return;
  const drop = $("details.drop[open]");
  if (drop) {
    drop.open = false;
    $("summary", drop).focus();
  } else if (!$("#thread").hidden) closeThread();
});
