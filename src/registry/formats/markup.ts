import { type Handler, Parser } from 'htmlparser2';

/** What a document of elements is expected to be. */
export interface Expected {
  /** What the document is, for errors. */
  readonly what: string;
  /** How many elements may be open at once. */
  readonly maxDepth: number;
  readonly isXml: boolean;
}

/**
 * A parser of XML or HTML that throws at once where elements are nested too deeply: the time that each tag takes grows with the elements
 * that are open, so that a small document could hold the process for long.
 */
export function markupParser({ what, maxDepth, isXml }: Expected, handler: Partial<Handler>): Parser {
  let depth = 0;
  const limited: Partial<Handler> = {
    ...handler,
    onopentagname() {
      if (++depth > maxDepth) throw new Error(`not ${what}: its elements are nested too deeply`);
    },
    onclosetag(name, isImplied) {
      depth--;
      handler.onclosetag?.(name, isImplied);
    },
  };
  return new Parser(limited, { xmlMode: isXml });
}
