import { pathSegment } from '../common/urls';

const hidden = '(sensitive)';

/** Go's JSON encoder escapes these three. */
const goJson = (text: string): string =>
  JSON.stringify(text)
    .slice(1, -1)
    .replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);

const html = (text: string, quote: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', quote).replaceAll("'", '&#39;');

/** As a part of a URL: escaped whole, as one segment of a path or several, as a form writes it, and each with small hexadecimal digits. */
const urlEncoded = (text: string): string[] =>
  [encodeURIComponent(text), pathSegment(text), encodeURI(text), new URLSearchParams({ '': text }).toString().slice(1)].flatMap(
    (escaped) => [escaped, escaped.replace(/%[0-9A-F]{2}/g, (digits) => digits.toLowerCase())],
  );

/** Every spelling in which a server may echo a secret. */
const spellingsOf = (secret: string): readonly string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  ...urlEncoded(secret),
  Buffer.from(secret).toString('base64'),
  Buffer.from(secret).toString('base64url'),
  goJson(secret),
  html(secret, '&#34;'),
  html(secret, '&quot;'),
];

/** Shorter strings are not treated as secrets, because redacting them would make messages unreadable. */
export const shortestSecret = 4;

/** Length of the prefixes in the index; shorter spellings are indexed whole. */
const startLengths = [3, 2, 1] as const;

/** Redacts secrets in every spelling. Its cost does not grow with the number of secrets, because every resource may have one. */
export class Redactor {
  private readonly secrets = new Set<string>();
  private readonly byStart = new Map<string, Set<string>>();
  private readonly firsts = new Set<number>();

  /** @param words texts that anybody may read anyway, see `wordsOf` */
  constructor(private readonly words: ReadonlySet<string> = new Set()) {}

  /** Adds a secret; empty strings and words are ignored. */
  add(secret: string): void {
    if (secret === '' || this.words.has(secret) || this.secrets.has(secret)) return;
    this.secrets.add(secret);
    for (const spelling of spellingsOf(secret)) {
      const start = spelling.slice(0, startLengths[0]);
      this.byStart.set(start, (this.byStart.get(start) ?? new Set<string>()).add(spelling));
      this.firsts.add(spelling.charCodeAt(0));
    }
  }

  /** The text with secrets redacted, including overlapping ones. */
  clean(text: string): string {
    let clean = '';
    let end = 0;
    for (let index = 0; index < text.length; index += 1) {
      const length = this.firsts.has(text.charCodeAt(index)) ? this.longestAt(text, index) : 0;
      if (length === 0) continue;
      if (index >= end) clean += text.slice(end, index) + hidden;
      end = Math.max(end, index + length);
    }
    return clean + text.slice(end);
  }

  private longestAt(text: string, index: number): number {
    let longest = 0;
    for (const length of startLengths)
      for (const spelling of this.byStart.get(text.slice(index, index + length)) ?? [])
        if (spelling.length > longest && text.startsWith(spelling, index)) longest = spelling.length;
    return longest;
  }
}

/**
 * The name of a provider and the words of its attribute names. Messages are full of them: were one of them a secret, such as the password
 * "password", hiding it would show that it is, and make messages unreadable.
 */
export const wordsOf = (provider: string, attributes: readonly string[]): ReadonlySet<string> =>
  new Set([provider, ...attributes.flatMap((name) => [name, ...name.split('_')])]);
