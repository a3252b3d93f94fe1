const hidden = '(sensitive)';

/** Go's encoder writes these three as escapes. */
const goJson = (text: string): string =>
  JSON.stringify(text)
    .slice(1, -1)
    .replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);

const html = (text: string, quote: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', quote).replaceAll("'", '&#39;');

/** Takes secrets out of texts, in every spelling in which a server may echo them. */
export class Redactor {
  private readonly spellings = new Set<string>();
  /** The longest first, so that no part of one is left. */
  private sorted: readonly string[] | undefined;

  /** Remembers a secret; empty texts are none. */
  add(secret: string): void {
    if (secret === '') return;
    for (const spelling of [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret).toString('base64url'),
      goJson(secret),
      html(secret, '&#34;'),
      html(secret, '&quot;'),
    ]) {
      this.spellings.add(spelling);
    }
    this.sorted = undefined;
  }

  /** The text without the secrets. */
  clean(text: string): string {
    let clean = text;
    this.sorted ??= [...this.spellings].sort((a, b) => b.length - a.length);
    for (const spelling of this.sorted) clean = clean.replaceAll(spelling, hidden);
    return clean;
  }
}
