import type { JsonObject } from '../schema/define/json';

type Page = readonly JsonObject[];

/** A list in pages that several read, each at its own pace: a page is requested once, when the first of them asks for it. */
export class SharedPages {
  /** The pages so far; nothing for what is after the last one. */
  private readonly pages: Promise<Page | undefined>[] = [];
  private readonly source: AsyncIterator<Page>;

  /** @param takenAt when it was begun, in milliseconds */
  constructor(
    readonly takenAt: number,
    source: AsyncIterable<Page>,
  ) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** The pages from the first one on. Throws what the request for one threw, to each who reads it. */
  async *read(): AsyncGenerator<Page, void, undefined> {
    for (let index = 0; ; index += 1) {
      const page = await (this.pages[index] ??= this.next());
      if (!page) return;
      yield page;
    }
  }

  private async next(): Promise<Page | undefined> {
    const { done, value } = await this.source.next();
    return done ? undefined : value;
  }
}
