/** The name that a misspelt one probably stands for, if one is close enough. */
export function nearest(wrong: string, names: readonly string[]): string | undefined {
  const near = names
    .map((name) => ({ name, distance: editDistance(simple(wrong), simple(name)) }))
    .sort((a, b) => a.distance - b.distance)[0];
  if (near && near.distance <= Math.max(2, Math.floor(near.name.length / 3))) return near.name;
  return names.find((name) => begins(simple(wrong), simple(name)) || begins(simple(name), simple(wrong)));
}

const simple = (name: string): string => name.replace(/[_-]/g, '').toLowerCase();

/** `upstreamUrl` for `upstream`, or the other way round; short prefixes prove nothing. */
const begins = (text: string, start: string): boolean => start.length >= 4 && text.startsWith(start);

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const replaced = (row[j] as number) + (letter === b[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
