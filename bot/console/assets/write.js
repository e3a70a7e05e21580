// Where people write: sending, completion, editing, recalling, drafts.
import { $, $$, here, query, kept, toast } from "./here.js";
import { give, onItsWay } from "./outbox.js";
import { openForm } from "./acts.js";

const boxes = new WeakMap(); // composer -> its state

export function start(form) {
  if (!form || boxes.has(form)) return;
  const box = $("textarea", form);
  const state = {
    form, box, hints: $(".hints", form), ask: null, timer: 0, editing: null, back: 0,
    thread: form.dataset.composer === "thread" ? $("#thread-root").dataset.root : "",
  };
  state.draft = `draft:${here.as}:${here.room}:${state.thread}`;
  boxes.set(form, state);
  if (!box.value) box.value = kept.get(state.draft, "");
  form.addEventListener("submit", (e) => { e.preventDefault(); send(state); });
  box.addEventListener("input", () => { state.back = 0; changed(state); hint(state); });
  box.addEventListener("keydown", (e) => key(state, e));
  box.addEventListener("keypress", (e) => { if (e.key === "Enter" && !e.shiftKey && !e.isComposing) e.preventDefault(); });
  box.addEventListener("blur", () => setTimeout(() => close(state), 150));
  state.hints.addEventListener("mousedown", (e) => e.preventDefault());
  state.hints.addEventListener("click", (e) => take(state, e.target.closest("[data-insert]")));
  form.addEventListener("click", (e) => { if (e.target.closest('[data-do="edit-off"]')) stopEditing(state); });
  changed(state);
}

function set(state, words) {
  state.box.value = words;
  state.box.setSelectionRange(words.length, words.length);
  changed(state);
}

function changed(state) {
  $(".send", state.form).disabled = !state.box.value.trim();
  if (!CSS.supports("field-sizing", "content")) {
    state.box.style.height = "auto";
    state.box.style.height = state.box.scrollHeight + "px";
  }
  if (!state.editing) kept.set(state.draft, state.box.value || undefined);
}

async function send(state) {
  const text = state.box.value;
  if (!text.trim()) return;
  close(state);
  if (state.editing) {
    const id = state.editing;
    stopEditing(state);
    const a = await give("/console/edit", { message: id, text });
    if (!a.ok && a.say) toast(a.say);
    return;
  }
  const isCommand = /^\s*(\/|@tocsin\b)/i.test(text);
  const sent = kept.get("sent", []);
  kept.set("sent", [...sent, { text, isCommand, room: here.room }].slice(-50));
  set(state, "");
  const a = await give("/console/say", { text, thread: state.thread }, text.trim());
  if (a.ok) {
    if (a.form) openForm(a.form);
  } else if (a.say) {
    toast(a.say);
    if (!a.done && !state.box.value) set(state, text);
  }
}

// afterReload takes the answer to what an earlier page sent.
export function afterReload(answer) {
  if (answer.form) openForm(answer.form);
  else if (!answer.ok && answer.say) toast(answer.say);
}

/* keys */

function key(state, e) {
  if (e.isComposing) return;
  const open = !state.hints.hidden && $("[data-insert]", state.hints);
  switch (e.key) {
    case "Enter":
      if (e.shiftKey) return;
      e.preventDefault();
      if (open && chosen(state)) take(state, chosen(state));
      else send(state);
      return;
    case "Tab":
      if (open && !e.shiftKey) {
        e.preventDefault();
        take(state, chosen(state) ?? open);
      }
      return;
    case "ArrowDown":
    case "ArrowUp":
      if (open && !state.back) {
        e.preventDefault();
        move(state, e.key === "ArrowDown" ? 1 : -1);
      } else if (e.key === "ArrowUp" && (!state.box.value || state.back) && !state.thread) {
        e.preventDefault();
        recall(state, 1);
      } else if (e.key === "ArrowDown" && state.back) {
        e.preventDefault();
        recall(state, -1);
      }
      return;
    case "Escape":
      if (!state.hints.hidden) close(state);
      else if (state.editing) stopEditing(state);
      else return;
      e.preventDefault();
      e.stopPropagation();
  }
}

// recall brings back the last thing that was said here: a command to send
// again, or one's own message to edit.
function recall(state, step) {
  const sent = kept.get("sent", []).filter((s) => s.room === here.room);
  const last = sent.at(-1);
  if (!state.back && last && !last.isCommand) {
    const mine = $$("#list > .mine:not(.deleted)").at(-1);
    if (onItsWay(here.room) && mine?.dataset.source !== last.text) return; // that is the one before
    if (mine) { edit(mine); return; }
  }
  const commands = sent.filter((s) => s.isCommand);
  state.back = Math.max(0, Math.min(commands.length, state.back + step));
  set(state, state.back ? commands.at(-state.back).text : "");
}

/* editing */

export function edit(li) {
  const form = $('[data-composer="room"]');
  const state = boxes.get(form);
  if (!state) return;
  state.editing = li.dataset.id;
  $(".editing", form).hidden = false;
  set(state, li.dataset.source);
  state.box.focus();
}

// takeUp puts a command into a box, to be sent or finished.
export function takeUp(form, words) {
  const state = boxes.get(form);
  if (!state) return;
  set(state, words);
  state.box.focus();
}

function stopEditing(state) {
  state.editing = null;
  $(".editing", state.form).hidden = true;
  set(state, kept.get(state.draft, ""));
  state.box.focus();
}

/* completion */

function hint(state) {
  clearTimeout(state.timer);
  const text = state.box.value;
  if (!/^\/|^@tocsin\s|(^|[\s(])@[\w.-]*$/i.test(text) || text.length > 1000 || state.box.selectionStart !== text.length) {
    close(state);
    return;
  }
  state.timer = setTimeout(() => fetchHints(state, text), 70);
}

async function fetchHints(state, text) {
  state.ask?.abort();
  state.ask = new AbortController();
  try {
    const res = await fetch("/console/complete?" + query({ text, thread: state.thread }), { signal: state.ask.signal });
    if (state.box.value !== text || document.activeElement !== state.box) return;
    if (res.status !== 200) return close(state);
    state.hints.innerHTML = await res.text();
    $$("[role=option]", state.hints).forEach((o, i) => { o.id = `${state.hints.id}-${i}`; });
    state.hints.hidden = false;
    state.box.removeAttribute("aria-activedescendant");
    state.hints.scrollTop = 0;
  } catch { /* typing goes on without help */ }
}

const chosen = (state) => $('[aria-selected="true"]', state.hints);

function move(state, by) {
  const all = $$("[data-insert]", state.hints);
  const at = all.indexOf(chosen(state));
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length;
  all.forEach((o, i) => o.setAttribute("aria-selected", String(i === next)));
  all[next].scrollIntoView({ block: "nearest" });
  state.box.setAttribute("aria-activedescendant", all[next].id);
}

function take(state, option) {
  if (!option) return;
  const insert = option.dataset.insert;
  set(state, insert.endsWith(" ") ? insert : insert + " ");
  close(state);
  state.box.focus();
  hint(state);
}

function close(state) {
  clearTimeout(state.timer);
  state.ask?.abort();
  state.hints.hidden = true;
  state.box.removeAttribute("aria-activedescendant");
}
