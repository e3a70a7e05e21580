// Two texts made of one: put together where they changed different words.
const split = (s) => s.match(/\s*\S+/g) ?? [];

// span is where a text differs from the one it was made of.
function span(base, text) {
  let front = 0, back = 0;
  while (front < base.length && front < text.length && base[front] === text[front]) front++;
  while (back < base.length - front && back < text.length - front && base[base.length - 1 - back] === text[text.length - 1 - back]) back++;
  return { from: front, to: base.length - back, put: text.slice(front, text.length - back) };
}

// merge gives the text with both changes, or null where they touch the same words.
export function merge(base, mine, theirs) {
  if (mine === theirs || theirs === base) return mine;
  if (mine === base) return theirs;
  const words = split(base);
  let a = span(words, split(mine)), b = span(words, split(theirs));
  if (b.from < a.from || b.from === a.from && b.to < a.to) [a, b] = [b, a];
  if (a.to > b.from || a.from === b.from) return null;
  return [...words.slice(0, a.from), ...a.put, ...words.slice(a.to, b.from), ...b.put, ...words.slice(b.to)].join("").trim();
}

// changed are the words of a text, each marked when the base lacks it there.
export function changed(base, text) {
  const words = split(text), at = span(split(base), words);
  return [words.slice(0, at.from).join(""), at.put.join(""), words.slice(at.from + at.put.length).join("")];
}
