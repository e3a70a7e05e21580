// The right hand: what waits for the reader, and panels that others draw.
import { $, $$, query, toast } from "./here.js";
import { Idiomorph } from "./idiomorph.js";
import { localize } from "./times.js";

let timer = 0;
let last = 0;

// stir asks for fresh panels soon; many changes make one question.
export function stir() {
  clearTimeout(timer);
  timer = setTimeout(refresh, Math.max(300, 1500 - (Date.now() - last)));
}

export async function refresh() {
  if (document.visibilityState === "hidden") return;
  last = Date.now();
  await Promise.all([waiting(), ...$$("[data-panel]").map(panel)]);
}

async function waiting() {
  const box = $("#waiting");
  try {
    const res = await fetch("/console/waiting?" + query());
    if (res.status === 200) put(box, await res.text());
    box.hidden = res.status !== 200;
  } catch { /* the banner says that tocsin is away */ }
}

async function panel(box) {
  try {
    const res = await fetch(box.dataset.panel, { headers: { Accept: "text/html" } });
    put(box, res.ok ? await res.text() : '<p class="muted">This panel does not answer.</p>');
  } catch { /* the banner says that tocsin is away */ }
}

function put(box, html) {
  const doc = new DOMParser().parseFromString(html, "text/html");
  Idiomorph.morph(box, doc.body.innerHTML, { morphStyle: "innerHTML", ignoreActiveValue: true });
  localize(box);
}

// Forms of a panel are sent in place; what comes of them is drawn anew.
document.addEventListener("submit", async (e) => {
  const box = e.target.closest("[data-panel]");
  if (!box) return;
  e.preventDefault();
  const form = e.target;
  const button = e.submitter;
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  try {
    const action = new URL(button?.getAttribute("formaction") || form.getAttribute("action") || box.dataset.panel, location.href);
    const body = new URLSearchParams(new FormData(form, button));
    const post = form.method.toLowerCase() === "post";
    if (!post) action.search = body;
    const res = await fetch(action, post ? { method: "POST", body } : {});
    if (!res.ok) toast(res.status < 500 ? "That was refused: " + (await res.text()).slice(0, 200) : "That did not work. Try again.");
  } catch {
    toast("tocsin is not answering. Nothing was sent; press again when it is back.");
  }
  delete form.dataset.busy;
  panel(box);
});

setInterval(() => { if ($("[data-panel]")) refresh(); }, 5000);
