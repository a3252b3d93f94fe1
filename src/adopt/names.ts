const RESERVED = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function ' +
    'if implements import in instanceof interface let new null package private protected public return scope id static super switch this throw ' +
    'true try typeof undefined var void while with yield app stack node process env props'
  ).split(' '),
);

/** A camelCase identifier for a text; one that begins with a digit, or that the language has, gets something before or after it. */
export function identifierOf(text: string, fallback = 'object'): string {
  const words =
    text
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .match(/[A-Za-z0-9]+/g) ?? [];
  const joined = words.map((word, index) => (index === 0 ? lowered(word) : word.charAt(0).toUpperCase() + word.slice(1))).join('');
  if (joined === '') return fallback;
  if (/^\d/.test(joined)) return `_${joined}`;
  return RESERVED.has(joined) ? `${joined}_` : joined;
}

const lowered = (word: string): string => (/^[A-Z0-9]+$/.test(word) ? word.toLowerCase() : word.charAt(0).toLowerCase() + word.slice(1));

/** A PascalCase name for a class. */
export function classNameOf(text: string, fallback = 'Group'): string {
  const name = identifierOf(text, fallback).replace(/_$/, '');
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** A name for a file or a construct. */
export function slugOf(text: string, fallback = 'object'): string {
  const slug = text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[-.]+|[-.]+$/g, '');
  return slug === '' ? fallback : slug;
}

/** Gives out names, each once: one that is taken gets a suffix, or else a number. */
export class Names {
  private readonly taken: Set<string>;
  /** The last number that a name got, so that many of one name are not counted anew. */
  private readonly numbers = new Map<string, number>();

  constructor(taken: Iterable<string> = []) {
    this.taken = new Set([...taken].map(key));
  }

  /** The name, or the first of the others that is free. */
  take(wanted: string, ...others: readonly string[]): string {
    const free = [wanted, ...others].find((name) => !this.taken.has(key(name)));
    let name = free ?? wanted;
    for (let number = this.numbers.get(wanted) ?? 2; this.taken.has(key(name)); number += 1) {
      name = `${wanted}${/\d$/.test(wanted) ? '_' : ''}${number}`;
      this.numbers.set(wanted, number);
    }
    this.taken.add(key(name));
    return name;
  }
}

/** Some file systems do not tell capitals apart. */
const key = (name: string): string => name.toLowerCase();
