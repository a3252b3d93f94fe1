/**
 * Characters that cannot be seen, or that make others look like something else: controls, those that set the direction of text, joiners and
 * other formats, fillers, variation selectors, tags, and what is no character.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** A text of others with everything in it to be seen: such characters as `\uXXXX`, which inside a string of JSON means the same. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (sign) => [...Array(sign.length).keys()].map((n) => escape(sign.charCodeAt(n))).join(''));
}

function escape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
