// What this page shows, and to whom.
const data = document.body.dataset;

export const here = {
  room: data.room,
  name: data.name,
  as: data.as,
  me: data.me,
  version: data.version,
  command: data.command,
  read: data.read,
  older: data.older,
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC",
};

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

export function query(more = {}) {
  const q = new URLSearchParams({ room: here.room, ...more });
  if (here.as) q.set("as", here.as);
  return q.toString();
}

// fragment turns what the server drew into elements.
export function fragment(html) {
  const t = document.createElement("template");
  t.innerHTML = html.trim();
  return t.content;
}

// kept is a small memory of this tab; a browser that refuses it costs only that.
export const kept = {
  get(key, fallback) {
    try { return JSON.parse(sessionStorage.getItem("tocsin:" + key)) ?? fallback; } catch { return fallback; }
  },
  set(key, value) {
    try {
      if (value === undefined) sessionStorage.removeItem("tocsin:" + key);
      else sessionStorage.setItem("tocsin:" + key, JSON.stringify(value));
    } catch { /* nothing depends on it */ }
  },
};

let toastTimer;
export function toast(words) {
  const t = $("#toast");
  t.textContent = words;
  t.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { t.hidden = true; }, 6000);
}

export const narrow = () => matchMedia("(max-width: 1080px)").matches;
