import { randomBytes } from 'node:crypto';
import { appendFile, rename, stat } from 'node:fs/promises';
import { type Kysely, type Selectable } from 'kysely';
import { reasonOf } from '../errors';
import { type Logger } from '../logger';
import { type MetadataStore } from '../store/metadata';
import { limitKey } from './address';
import { Limiter } from './limiter';
import { type AccessTables, type AuditTable } from './tables';

/** A change that was made or refused. */
export interface AuditEntry {
  /** When, in ISO 8601 in UTC. */
  readonly at: string;
  /** The API it came by, such as `artifactapi`, or `command`. */
  readonly backend: string;
  /** Who: `token:<name>`, `oidc:<issuer>#<subject>`, `anonymous`, or a user of the backend. */
  readonly who: string;
  /** From where; empty for a command. */
  readonly address: string;
  readonly method: string;
  /** The path of the URL, without its query, which can hold secrets; of a token, where it is. */
  readonly path: string;
  /** `write`, `delete` or `admin`; empty where the backend decides. */
  readonly action: string;
  /** Empty where the change concerns no single repository. */
  readonly repository: string;
  /** The status of the answer. */
  readonly status: number;
}

/** How changes are recorded. */
export interface AuditOptions {
  /** How many changes are kept at least, and as many refusals; 0 records nothing in the store. @default 100000 */
  readonly keep?: number | undefined;
  /** A file that gets every entry as a line of JSON, too. It is renamed to `<file>.1` when it has 64 MiB. @default - none */
  readonly file?: string | undefined;
}

/** The statuses from this one on are those of what was refused, has failed, or was given up. */
export const REFUSED = 400;
const KEEP = 100_000;
const FILE_LIMIT = 64 << 20;
const LONGEST = 1024;
/** How many entries are written at once, and how long one waits for others, at most. */
const BATCH = 100;
const DELAY_MS = 100;

/** How many refusals of nobody are recorded of one address, and of all together: a few at once, then one in a while. */
const OF_ADDRESS = { perSecond: 1 / 60, burst: 10 };
const OF_ALL = { perSecond: 1, burst: 100 };

/** The record of changes: rows of the store and, if wanted, lines of a file. */
export class Audit {
  readonly #db: Kysely<AccessTables>;
  readonly #keep: number;
  readonly #file: string | undefined;
  readonly #ofAddress = new Limiter(OF_ADDRESS);
  readonly #ofAll = new Limiter(OF_ALL);
  #waiting: AuditEntry[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly metadata: MetadataStore,
    private readonly logger: Logger,
    { keep = KEEP, file }: AuditOptions = {},
  ) {
    this.#db = metadata.tables();
    this.#keep = keep;
    this.#file = file;
  }

  /** Records a change. It is written with those of the next moment, so that no client waits for it. */
  record(entry: AuditEntry): void {
    this.#waiting.push({ ...entry, who: cut(entry.who), path: cut(entry.path), repository: cut(entry.repository) });
    if (this.#waiting.length >= BATCH) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), DELAY_MS).unref();
  }

  /** Records the refusal of who has not logged in, as long as there are not many: everybody can cause them. */
  recordRefusal(entry: AuditEntry): void {
    if (this.#ofAddress.take(limitKey(entry.address)) === 0 && this.#ofAll.take('') === 0) this.record(entry);
  }

  /** Writes what is waiting. A failure is logged with the entries: the changes themselves have been answered. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const entries = this.#waiting;
    this.#waiting = [];
    return (this.#writing = this.#writing.then(() => this.#write(entries)));
  }

  async #write(entries: readonly AuditEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const rows = entries.map((entry) => ({ id: newId(this.metadata.now()), ...entry }));
    try {
      if (this.#keep > 0) await this.#db.insertInto('access_audit').values(rows).execute();
      if (this.#file !== undefined) await append(this.#file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    } catch (cause) {
      for (const entry of entries) this.logger.error('a change could not be recorded', { ...entry, reason: reasonOf(cause) });
    }
  }

  /** The newest entries, newest first; `before` is the `next` of the page that went before. */
  async page(limit: number, before = ''): Promise<{ readonly entries: readonly AuditEntry[]; readonly next?: string }> {
    await this.flush();
    const query = this.#db.selectFrom('access_audit').selectAll().orderBy('id', 'desc').limit(limit);
    const rows = await (before === '' ? query : query.where('id', '<', before)).execute();
    const next = rows.length === limit ? rows.at(-1)?.id : undefined;
    return { entries: rows.map(toEntry), ...(next !== undefined && { next }) };
  }

  /** Forgets what is older than the entries that are kept. Refusals do not count among the changes, so that they displace none. */
  async prune(): Promise<void> {
    for (const compares of ['<', '>='] as const) {
      const ofKind = this.#db.selectFrom('access_audit').select('id').where('status', compares, REFUSED);
      const row = await ofKind.orderBy('id', 'desc').offset(this.#keep).limit(1).executeTakeFirst();
      if (row) await this.#db.deleteFrom('access_audit').where('status', compares, REFUSED).where('id', '<=', row.id).execute();
    }
  }
}

/** Appends to a file, which is renamed first when it is large. It is opened each time, so that others can rename it, too. */
async function append(file: string, lines: string): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > FILE_LIMIT) await rename(file, `${file}.1`);
  await appendFile(file, lines, { mode: 0o600 });
}

function toEntry({ id: _id, ...entry }: Selectable<AuditTable>): AuditEntry {
  return { ...entry, status: Number(entry.status) };
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const machine = randomBytes(4).toString('hex');
let counter = 0;

/** Grows with time, and is unique also among processes. */
function newId(now: number): string {
  counter = (counter + 1) % 0x10000;
  return now.toString(16).padStart(12, '0') + counter.toString(16).padStart(4, '0') + machine;
}
