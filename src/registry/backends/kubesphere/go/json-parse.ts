/** What a program written in Go calls wrong; the text goes to the client as it is. */
export class GoError extends Error {}

/** A number as it was written. */
export class JsonNumber {
  constructor(readonly text: string) {}
}

/** A value of JSON whose numbers are not read yet. */
export type Json = null | boolean | string | JsonNumber | Json[] | Map<string, Json>;

const MAX_DEPTH = 10_000;
const LITERALS: Readonly<Record<string, readonly [text: string, value: null | boolean]>> = {
  t: ['true', true],
  f: ['false', false],
  n: ['null', null],
};
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Reads the first value of a text as Go's decoder does, which names what is wrong; what follows the value is not looked at. */
export function parseJson(text: string): Json {
  const parser = new Parser(text);
  if (parser.next() === '') throw new GoError('EOF');
  return parser.value(0);
}

class Parser {
  #at = 0;

  constructor(private readonly text: string) {}

  /** The next character that is no space; empty at the end. */
  next(): string {
    while (this.#at < this.text.length && ' \t\r\n'.includes(this.text.charAt(this.#at))) this.#at += 1;
    return this.text.charAt(this.#at);
  }

  value(depth: number): Json {
    if (depth > MAX_DEPTH) throw new GoError('exceeded max depth');
    const first = this.next();
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#array(depth);
    if (first === '"') return this.#string();
    if (/[-\d]/.test(first)) return this.#number();
    const literal = Object.hasOwn(LITERALS, first) ? LITERALS[first] : undefined;
    return literal ? this.#literal(...literal) : this.#fail('looking for beginning of value');
  }

  #object(depth: number): Json {
    const object = new Map<string, Json>();
    this.#at += 1;
    if (this.next() === '}') return this.#end(object);
    for (;;) {
      if (this.next() !== '"') this.#fail('looking for beginning of object key string');
      const key = this.#string();
      if (this.next() !== ':') this.#fail('after object key');
      this.#at += 1;
      object.set(key, this.value(depth + 1));
      const sign = this.next();
      if (sign === '}') return this.#end(object);
      if (sign !== ',') this.#fail('after object key:value pair');
      this.#at += 1;
    }
  }

  #array(depth: number): Json {
    const array: Json[] = [];
    this.#at += 1;
    if (this.next() === ']') return this.#end(array);
    for (;;) {
      array.push(this.value(depth + 1));
      const sign = this.next();
      if (sign === ']') return this.#end(array);
      if (sign !== ',') this.#fail('after array element');
      this.#at += 1;
    }
  }

  #end<T>(value: T): T {
    this.#at += 1;
    return value;
  }

  #string(): string {
    let made = '';
    for (this.#at += 1; ; this.#at += 1) {
      const sign = this.text.charAt(this.#at);
      if (sign === '"') return this.#end(made);
      if (sign < ' ') this.#fail('in string literal');
      made += sign === '\\' ? this.#escape() : sign;
    }
  }

  #escape(): string {
    this.#at += 1;
    const sign = this.text.charAt(this.#at);
    if (sign !== 'u') return ESCAPES[sign] ?? this.#fail('in string escape code');
    let digits = '';
    for (let n = 0; n < 4; n++) {
      this.#at += 1;
      const digit = this.text.charAt(this.#at);
      if (!/[\da-f]/i.test(digit)) this.#fail('in \\u hexadecimal character escape');
      digits += digit;
    }
    return String.fromCharCode(parseInt(digits, 16));
  }

  #number(): JsonNumber {
    const from = this.#at;
    if (this.text.charAt(this.#at) === '-') this.#at += 1;
    if (this.text.charAt(this.#at) === '0') this.#at += 1;
    else this.#digits('in numeric literal');
    if (this.text.charAt(this.#at) === '.') {
      this.#at += 1;
      this.#digits('after decimal point in numeric literal');
    }
    if (/[eE]/.test(this.text.charAt(this.#at))) {
      this.#at += 1;
      if (/[-+]/.test(this.text.charAt(this.#at))) this.#at += 1;
      this.#digits('in exponent of numeric literal');
    }
    return new JsonNumber(this.text.slice(from, this.#at));
  }

  #digits(where: string): void {
    if (!/\d/.test(this.text.charAt(this.#at))) this.#fail(where);
    while (/\d/.test(this.text.charAt(this.#at))) this.#at += 1;
  }

  #literal<T>(word: string, value: T): T {
    for (const expected of word) {
      if (this.text.charAt(this.#at) !== expected) this.#fail(`in literal ${word} (expecting '${expected}')`);
      this.#at += 1;
    }
    return value;
  }

  #fail(where: string): never {
    const sign = String.fromCodePoint(this.text.codePointAt(this.#at) ?? 0);
    if (this.#at >= this.text.length) throw new GoError('unexpected EOF');
    const shown = sign === "'" ? "\\'" : sign === '"' ? '"' : JSON.stringify(sign).slice(1, -1);
    throw new GoError(`invalid character '${shown}' ${where}`);
  }
}
