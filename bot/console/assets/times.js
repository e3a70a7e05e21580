// Moments in the reader's own zone; relative ones tick.
import { $$ } from "./here.js";

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const date = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

export function dayOf(iso) {
  const d = new Date(iso), today = new Date(), yesterday = new Date(Date.now() - 864e5);
  if (d.toDateString() === today.toDateString()) return "Today";
  if (d.toDateString() === yesterday.toDateString()) return "Yesterday";
  return day.format(d);
}

function ago(d) {
  const s = Math.round((Date.now() - d) / 1000), n = Math.abs(s);
  const words = n < 45 ? "" : n < 3570 ? `${Math.max(1, Math.round(n / 60))} min` : n < 86400 ? `${Math.round(n / 3600)} h` : `${Math.round(n / 86400)} d`;
  if (!words) return s < -10 ? "in a moment" : "just now";
  return s > 0 ? `${words} ago` : `in ${words}`;
}

function show(t) {
  const d = new Date(t.dateTime);
  if (isNaN(d)) return;
  const style = t.dataset.style;
  const today = d.toDateString() === new Date().toDateString();
  let words = clock.format(d);
  if (style === "ago") words = ago(d);
  else if (style !== "clock" && !today) words = `${date.format(d)} ${words}`;
  if (t.textContent !== words) t.textContent = words;
  if (!t.title) t.title = full.format(d);
}

export function localize(root = document) {
  for (const t of $$("time[datetime]", root)) show(t);
}

setInterval(() => { for (const t of $$('time[data-style="ago"]')) show(t); }, 10_000);
