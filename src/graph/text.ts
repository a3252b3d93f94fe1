import { eastAsianWidth } from 'get-east-asian-width';
import type { Node } from './graph';

/** A line of text, and how many columns of a monospaced font it takes. */
export interface Line {
  readonly text: string;
  readonly columns: number;
}

const LONGEST = 34;

/** The lines in a box: the name, cut where it is too long, and what the object is. */
export function linesOf({ label, kind }: Pick<Node, 'label'> & { readonly kind?: string }): readonly Line[] {
  return [label, ...(kind === undefined ? [] : [kind])].map((text) => lineOf(shortened(charactersOf(text))));
}

/** Signs of music and mathematics beyond the basic plane come from fonts with lines several times as high; they are shown as unknown, too. */
const STRANGE = /(?=[\u{10000}-\u{10FFFF}])(?![\p{Extended_Pictographic}\p{RI}\p{Emoji_Modifier}])[\p{sc=Common}\p{sc=Inherited}]/gu;

const charactersOf = (text: string): readonly string[] =>
  [...new Intl.Segmenter().segment(text.replace(/\p{C}+/gu, '\uFFFD').replace(STRANGE, '\uFFFD'))].map(({ segment }) => segment);

/** Without its middle: beginnings and ends differ most. */
const shortened = (characters: readonly string[]): readonly string[] =>
  characters.length <= LONGEST ? characters : [...characters.slice(0, LONGEST - 14), '…', ...characters.slice(-13)];

const lineOf = (characters: readonly string[]): Line => ({
  text: characters.join(''),
  columns: characters.reduce((sum, character) => sum + columnsOf(character), 0),
});

/** Characters of several code points, such as many emoji, are drawn wide. */
const columnsOf = (character: string): number =>
  [...character].length > 1 ? 2 : eastAsianWidth(character.codePointAt(0) ?? 0, { ambiguousAsWide: true });
