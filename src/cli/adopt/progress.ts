import type { CrawlMemory } from '../../handler/listing';

/** Milliseconds before a terminal shows progress, and between its changes. */
const [patience, pace] = [2000, 200];

/** Shows how far a crawl is: on a terminal in one line that changes, elsewhere a line for each type. */
export class AdoptProgress {
  private count = 0;
  private doing = '';
  private readonly began = performance.now();
  private readonly timer: NodeJS.Timeout | undefined;
  private isShown = false;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {
    if (stream.isTTY) this.timer = setInterval(() => this.show(), pace).unref();
  }

  /** A memory that counts what passes through it. */
  watching(memory: CrawlMemory): CrawlMemory {
    const counted = (what: string, read: unknown): unknown => {
      this.doing = what;
      if (Array.isArray(read) && !what.startsWith('scopes ')) this.count += read.length;
      return read;
    };
    return {
      recall: (what) => counted(what, memory.recall(what)),
      keep: (what, read) => memory.keep(what, counted(what, read)),
    };
  }

  /** A type was read. */
  type(type: string, count: number): void {
    if (!this.timer && count > 0) this.stream.write(`${type}: ${count}\n`);
  }

  stop(): void {
    clearInterval(this.timer);
    if (this.isShown) this.stream.write('\r\x1b[K');
  }

  private show(): void {
    const passed = performance.now() - this.began;
    if (passed < patience) return;
    this.isShown = true;
    const line = `${this.count === 1 ? 'one object' : `${this.count} objects`} read in ${Math.round(passed / 1000)} s; ${this.doing}`;
    this.stream.write(`\r\x1b[K${line.replace(/\p{Cc}/gu, ' ').slice(0, (this.stream.columns || 80) - 1)}`);
  }
}
