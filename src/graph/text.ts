import stringWidth from 'string-width';
import type { Node } from './graph';

/** A line of text, and how many columns of a monospaced font it takes. */
export interface Line {
  readonly text: string;
  readonly columns: number;
}

const LONGEST = 34;

/** The lines in a box: the name, cut where it is too long, and what the object is. */
export function linesOf({ label, kind }: Pick<Node, 'label'> & { readonly kind?: string }): readonly Line[] {
  return [label, ...(kind === undefined ? [] : [kind])]
    .map((text) => shortened(text))
    .map((text) => ({ text, columns: stringWidth(text) }));
}

/** The beginning and the end, which differ most. */
function shortened(text: string): string {
  const shown = text.replace(/\p{C}+/gu, '\uFFFD');
  const characters = [...new Intl.Segmenter().segment(shown)].map(({ segment }) => segment);
  return characters.length <= LONGEST ? shown : `${characters.slice(0, 20).join('')}…${characters.slice(20 - LONGEST + 1).join('')}`;
}
