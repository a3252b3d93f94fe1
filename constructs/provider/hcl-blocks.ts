/** A value in a configuration file; anything but a string, list or object is kept as written. */
export type HclValue = string | readonly HclValue[] | HclBody;

/** A body of a configuration file, or the file itself. */
export interface HclBody {
  readonly attributes: Readonly<Record<string, HclValue>>;
  readonly blocks: readonly { readonly type: string; readonly body: HclBody }[];
}

/** Reads the blocks and attributes of a Terraform CLI configuration file, and skips what it does not understand. */
export function parseHclBlocks(text: string): HclBody {
  return new Reader(tokensOf(text)).body();
}

interface Token {
  readonly kind: 'text' | 'word' | 'sign';
  readonly value: string;
}

const pattern = /#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"((?:[^"\\]|\\.)*)"|([^\s{}[\]=,:"#]+)|([{}[\]=,:])/g;

function tokensOf(text: string): Token[] {
  return [...text.matchAll(pattern)].flatMap(([, quoted, word, sign]): Token[] => {
    if (quoted !== undefined) return [{ kind: 'text', value: unescape(quoted) }];
    if (word !== undefined) return [{ kind: 'word', value: word }];
    return sign === undefined ? [] : [{ kind: 'sign', value: sign }];
  });
}

const unescape = (quoted: string): string => quoted.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));

class Reader {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  body(): HclBody {
    const attributes: Record<string, HclValue> = {};
    const blocks: { type: string; body: HclBody }[] = [];
    for (let token = this.next(); token && !isSign(token, '}'); token = this.next()) {
      if (token.kind === 'sign') continue;
      if (this.takeSign('=') || this.takeSign(':')) {
        const value = this.value();
        attributes[token.value] = value;
        if (isBody(value)) blocks.push({ type: token.value, body: value });
        continue;
      }
      while (this.tokens[this.at] && this.tokens[this.at]?.kind !== 'sign') this.at += 1;
      if (this.takeSign('{')) blocks.push({ type: token.value, body: this.body() });
    }
    return { attributes, blocks };
  }

  private value(): HclValue {
    const token = this.next();
    if (!token) return '';
    if (isSign(token, '{')) return this.body();
    if (!isSign(token, '[')) return token.value;
    const items: HclValue[] = [];
    while (this.tokens[this.at] && !this.takeSign(']')) {
      if (!this.takeSign(',')) items.push(this.value());
    }
    return items;
  }

  private next(): Token | undefined {
    return this.tokens[this.at++];
  }

  private takeSign(sign: string): boolean {
    const token = this.tokens[this.at];
    if (!token || !isSign(token, sign)) return false;
    this.at += 1;
    return true;
  }
}

const isSign = (token: Token, sign: string): boolean => token.kind === 'sign' && token.value === sign;

/** Distinguishes a body from a string or list. */
export function isBody(value: HclValue): value is HclBody {
  return typeof value === 'object' && 'blocks' in value;
}
