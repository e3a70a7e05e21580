// How what people wrote stands, in one line at the top, and spoken to those
// who do not see it.
import { $, here } from "./here.js";

const words = {
  idle: "",
  saving: "Saving…",
  saved: "Saved",
  away: "Not saved yet: tocsin is not answering. What you wrote is kept in this browser and goes out when it is back.",
  choose: "Not saved: a line was changed by two people. Choose below.",
  refused: "Not saved: see the line.",
};
words.out = `Not saved: this browser is not let in any more. Say /${here.verb} review for a new link; what you wrote is kept here.`;

let state = "idle";

export function status(next) {
  if (next === state) return;
  state = next;
  const box = $("#saved");
  box.textContent = words[next];
  box.dataset.state = next;
  if (next !== "saving") say(words[next]);
}

// say speaks to a screen reader: each thing once, in the order in which it came.
export function say(text) {
  if (!text) return;
  const log = $("#spoken"), p = document.createElement("p");
  p.textContent = text;
  log.append(p);
  if (log.children.length > 5) log.firstChild.remove();
}
