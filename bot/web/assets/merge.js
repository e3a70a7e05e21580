// Two texts made of one: put together where they changed different words.
const split = (s) => s.match(/\s*\S+/g) ?? [];

// span is where a text differs from the one it was made of.
function span(base, text) {
  let front = 0, back = 0;
  while (front < base.length && front < text.length && base[front] === text[front]) front++;
  while (back < base.length - front && back < text.length - front && base[base.length - 1 - back] === text[text.length - 1 - back]) back++;
  return { from: front, to: base.length - back, put: text.slice(front, text.length - back) };
}

// merge gives one text with both changes. Where both touch the same words, the
// other's stand before mine, for a person to mend.
export function merge(base, mine, theirs) {
  if (mine === theirs || theirs === base) return mine;
  if (mine === base) return theirs;
  const words = split(base), ours = split(mine), others = split(theirs);
  const a = span(words, ours), b = span(words, others);
  const apart = a.to <= b.from || b.to <= a.from;
  if (apart && a.from !== b.from) {
    const [x, y] = a.from < b.from ? [a, b] : [b, a];
    return join([...words.slice(0, x.from), ...x.put, ...words.slice(x.to, y.from), ...y.put, ...words.slice(y.to)]);
  }
  const from = Math.min(a.from, b.from), left = words.length - Math.max(a.to, b.to);
  return join([...words.slice(0, from), ...others.slice(from, others.length - left), " ", ...ours.slice(from, ours.length - left), ...words.slice(words.length - left)]);
}

const join = (words) => words.join("").replace(/\s+/g, " ").trim();

// changed are the words of a text, each marked when the base lacks it there.
export function changed(base, text) {
  const words = split(text), at = span(split(base), words);
  return [words.slice(0, at.from).join(""), at.put.join(""), words.slice(at.from + at.put.length).join("")];
}
