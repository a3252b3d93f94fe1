/**
 * A glob as scopes and rules have it: `*` stands for any text within a segment, `**` for any text, `?` for one character that is no slash.
 * Takes time in proportion to both lengths, whatever the glob.
 */
export function compileGlob(glob: string): (text: string) => boolean {
  const tokens = glob.match(/\*\*|[^]/gu) ?? [];
  const isStar = (token: string | undefined): boolean => token === '*' || token === '**';
  return (text) => {
    // After each character: up to which tokens the text so far matches.
    let reached = [true];
    for (const [index, token] of tokens.entries()) reached.push(reached[index] === true && isStar(token));
    for (const char of text) {
      const next = [false];
      for (const [index, token] of tokens.entries()) {
        const goesOn = token === '**' || (char !== '/' && token === '*');
        const isOne = token === char ? !isStar(token) : token === '?' && char !== '/';
        next.push(isStar(token) ? next[index] === true || (goesOn && reached[index + 1] === true) : isOne && reached[index] === true);
      }
      reached = next;
    }
    return reached[tokens.length] === true;
  };
}

/** Whether a glob matches every text, or every one without a slash. */
export function matchesAll(glob: string): boolean {
  return /^\*+$/.test(glob);
}
