import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseJson, writeJson } from '../../common/exact-json';
import { version } from '../../common/version';
import type { CrawlMemory } from '../../handler/listing';

/** Milliseconds after which what was read is read anew: by then a server has changed. */
const lasts = 3_600_000;

/**
 * What an adoption that was cut off has read, a line for each list, in a file that only the user can read. It has the values of which code
 * would have been written: no secrets, which servers do not return. It is gone once an adoption has ended.
 */
export class AdoptMemory implements CrawlMemory {
  private readonly file: string;
  private readonly known = new Map<string, unknown>();

  /** @param crawl what tells this crawl from others, such as the endpoint and the user */
  constructor(crawl: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    const name = createHash('sha256')
      .update(JSON.stringify([version, ...crawl]))
      .digest('hex');
    this.file = join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'repoform/adopt', `${name}.jsonl`);
    for (const line of this.lines()) {
      const [what, read] = line as [string, unknown];
      this.known.set(what, read);
    }
  }

  /** How many objects are known from a crawl that was cut off. */
  get size(): number {
    return [...this.known.values()].reduce((sum: number, read) => sum + (Array.isArray(read) ? read.filter(isListed).length : 0), 0);
  }

  /** Whether another run would have to begin anew. */
  get isEmpty(): boolean {
    return !existsSync(this.file);
  }

  recall(what: string): unknown {
    const read = this.known.get(what);
    this.known.delete(what);
    return read;
  }

  keep(what: string, read: unknown): void {
    if (!existsSync(this.file)) {
      mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
      writeFileSync(this.file, '', { mode: 0o600 });
    }
    appendFileSync(this.file, `${writeJson([what, read])}\n`);
  }

  forget(): void {
    rmSync(this.file, { force: true });
  }

  /** The lines that were written as a whole; nothing of a file that is too old or of somebody else. */
  private lines(): unknown[] {
    const about = statSync(this.file, { throwIfNoEntry: false });
    if (!about) return [];
    const isOwn = process.getuid === undefined || about.uid === process.getuid();
    if (!isOwn || Date.now() - about.birthtimeMs > lasts) {
      this.forget();
      return [];
    }
    return readFileSync(this.file, 'utf8')
      .split('\n')
      .slice(0, -1)
      .flatMap((line) => {
        try {
          return [parseJson(line)];
        } catch {
          return [];
        }
      });
  }
}

const isListed = (one: unknown): boolean => typeof one === 'object' && one !== null && 'values' in one;
