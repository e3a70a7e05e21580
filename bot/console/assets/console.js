// The console in the browser. The server draws; this puts in place.
import { $, $$, here, query } from "./here.js";
import { open, onRead } from "./list.js";
import { connect, title } from "./live.js";
import { give, resume } from "./outbox.js";
import { refresh } from "./panels.js";
import { start, afterReload } from "./write.js";
import { shown } from "./acts.js";

open();
start($('[data-composer="room"]'));
if (!$("#thread").hidden) shown();
else if (matchMedia("(pointer: fine)").matches) $("#say")?.focus(); // a phone would open its keyboard
title();
resume(afterReload);
connect();
refresh();

let reading = 0;
onRead((id) => {
  if (!here.me) return;
  clearTimeout(reading);
  reading = setTimeout(() => give("/console/read", { message: id }), 500);
});

/* Ctrl+K: go to a room */

const switcher = $("#switcher");
const input = $("#switch-to");
const results = $("#switch-list");

function find() {
  const words = input.value.trim().toLowerCase();
  const found = $$("li.room").filter((li) => li.dataset.name.toLowerCase().includes(words));
  found.sort((a, b) => b.classList.contains("unread") - a.classList.contains("unread") || ("over" in a.dataset) - ("over" in b.dataset));
  results.replaceChildren(...found.slice(0, 50).map((room, i) => {
    const li = document.createElement("li");
    li.role = "option";
    li.id = "switch-" + i;
    li.dataset.href = $("a", room).href;
    li.setAttribute("aria-selected", String(i === 0));
    const name = document.createElement("b");
    name.textContent = "#" + room.dataset.name;
    const note = document.createElement("span");
    note.className = "muted";
    note.textContent = room.classList.contains("unread") ? "unread" : "over" in room.dataset ? "archived" : "";
    li.append(name, note);
    return li;
  }));
  mark(0);
}

function mark(at) {
  const all = $$("li", results);
  all.forEach((li, i) => li.setAttribute("aria-selected", String(i === at)));
  all[at]?.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", all[at]?.id ?? "");
}

function openSwitcher() {
  if (switcher.open) return;
  input.value = "";
  find();
  switcher.showModal();
  input.focus();
}

input.addEventListener("input", find);
input.addEventListener("keydown", (e) => {
  const all = $$("li", results);
  const at = all.findIndex((li) => li.getAttribute("aria-selected") === "true");
  if (e.key === "ArrowDown" || e.key === "ArrowUp") {
    e.preventDefault();
    if (all.length) mark((at + (e.key === "ArrowDown" ? 1 : -1) + all.length) % all.length);
  } else if (e.key === "Enter") {
    e.preventDefault();
    if (all[at]) location.href = all[at].dataset.href;
  }
});
results.addEventListener("click", (e) => {
  const li = e.target.closest("li");
  if (li) location.href = li.dataset.href;
});
switcher.addEventListener("click", (e) => { if (e.target === switcher) switcher.close(); });

document.addEventListener("keydown", (e) => {
  if ((e.ctrlKey || e.metaKey) && !e.shiftKey && !e.altKey && e.key.toLowerCase() === "k") {
    e.preventDefault();
    openSwitcher();
  }
});
document.addEventListener("click", (e) => { if (e.target.closest('[data-do="switcher"]')) openSwitcher(); });
