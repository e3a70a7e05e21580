// What the page is, and the few words that every other file uses.
export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

const data = document.body.dataset;
export const here = { path: data.path, number: data.number, head: data.head, shape: data.shape, verb: data.verb, you: data.you, may: data.may === "edit", version: "" };

export function fragment(html) {
  const t = document.createElement("template");
  t.innerHTML = html;
  return t.content;
}

// make builds an element; words are always text, never markup.
export function make(name, props = {}, ...inside) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (key === "class") node.className = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...inside.filter((i) => i !== null && i !== undefined && i !== false));
  return node;
}

export const button = (label, act, kind = "btn small") => make("button", { type: "button", class: kind, onclick: act }, label);

// newKey is a name that nobody else gives. It needs no secure address.
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
}

export const onPhone = () => matchMedia("(max-width: 860px)").matches;

// ask puts a question; the promise holds the answer.
export function ask(words, yes) {
  const box = $("#ask");
  $("#ask-words").textContent = words;
  $("#ask-yes").textContent = yes;
  box.returnValue = "no";
  box.showModal();
  return new Promise((done) => box.addEventListener("close", () => done(box.returnValue === "yes"), { once: true }));
}

let hiding = 0;
export function toast(words) {
  const box = $("#toast");
  box.textContent = words;
  box.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { box.hidden = true; }, 7000);
}
