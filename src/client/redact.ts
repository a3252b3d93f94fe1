const hidden = '(sensitive)';

/** Takes secrets out of texts, in every spelling in which a server may echo them. */
export class Redactor {
  private readonly spellings = new Set<string>();

  /** Remembers a secret; empty texts are none. */
  add(secret: string): void {
    if (secret === '') return;
    for (const spelling of [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
    ]) {
      this.spellings.add(spelling);
    }
  }

  /** The text without the secrets. */
  clean(text: string): string {
    let clean = text;
    for (const spelling of [...this.spellings].sort((a, b) => b.length - a.length)) clean = clean.replaceAll(spelling, hidden);
    return clean;
  }
}
