import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** Content that is not what its source has; nothing excuses it. */
export class WrongBytes extends Error {}

/** A result that is wrong whatever fails at the time, such as a plan that is not empty; nothing excuses it. */
export class WrongResult extends Error {}

/** Times at which something was told to fail. */
export class Outages {
  readonly #times: { readonly what: string; readonly from: number; until: number }[] = [];

  /** An outage begins; the answer ends it, as many milliseconds later as its consequences may last. */
  begin(what: string): (tail: number) => void {
    const outage = { what, from: Date.now(), until: Infinity };
    this.#times.push(outage);
    return (tail) => (outage.until = Date.now() + tail);
  }

  /** Whether one touches a span of time. */
  touch(from: number, to: number): boolean {
    return this.#times.some((each) => each.from <= to && each.until >= from);
  }

  /** The last one, for messages. */
  get last(): string | undefined {
    const last = this.#times.at(-1);
    return last && `${last.what} from ${time(last.from)} to ${time(last.until)}`;
  }
}

/** What a step did. */
export interface Step {
  /** The client, which is a line of the table. */
  readonly client: string;
  /** What it was to do, for messages. */
  readonly what: string;
  /** What excuses a failure at the time. */
  readonly excuses: readonly Outages[];
}

interface Line {
  done: number;
  expected: number;
  unexpected: number;
  ms: number;
  slowest: number;
}

const SHOWN = 40;

/** When what fails again and again is given up: after so many milliseconds, but not before so many tries. */
interface Patience {
  readonly ms: number;
  readonly tries: number;
  /** Milliseconds from one try to the next. */
  readonly pause: number;
}

/** Terraform takes turns: on a busy machine, a try waits for minutes before it begins. */
const PATIENCE: Patience = { ms: 10 * 60_000, tries: 5, pause: 2000 };
const time = (ms: number): string => (Number.isFinite(ms) ? new Date(ms).toISOString().slice(11, 23) : 'now');

/** Counts what clients did, and keeps what broke. */
export class Ledger {
  readonly lines = new Map<string, Line>();
  readonly broken: string[] = [];

  constructor(
    private readonly name: string,
    private readonly patience = PATIENCE,
  ) {}

  /** Takes a step; the answer is why it failed, if it did. */
  async take({ client, what, excuses }: Step, step: () => Promise<void>): Promise<string | undefined> {
    const from = Date.now();
    const line = this.#line(client);
    try {
      await step();
      line.done += 1;
      return undefined;
    } catch (cause) {
      const isExcused =
        !(cause instanceof WrongBytes || cause instanceof WrongResult) && excuses.some((each) => each.touch(from, Date.now()));
      const reason = cause instanceof Error ? `${cause.message} ${causeOf(cause)}` : String(cause);
      line[isExcused ? 'expected' : 'unexpected'] += 1;
      const outages = excuses.flatMap(({ last }) => last ?? []).join(', ') || 'none';
      if (!isExcused) this.fail(`${client}: ${what}, from ${time(from)} (last outages: ${outages}): ${reason}`);
      return reason;
    } finally {
      const took = Date.now() - from;
      line.ms += took;
      line.slowest = Math.max(line.slowest, took);
    }
  }

  /** Takes a step again until it succeeds, as a pipeline does; what fails for so long is lost. The answer is whether it succeeded. */
  async persist(step: Step, action: () => Promise<void>): Promise<boolean> {
    const { ms, tries, pause } = this.patience;
    const until = Date.now() + ms;
    for (let tried = 1; ; tried++) {
      const reason = await this.take(step, action);
      if (reason === undefined) return true;
      if (tried >= tries && Date.now() >= until) {
        this.fail(`${step.client}: ${step.what} did not succeed in ${tried} tries, at last: ${reason}`);
        return false;
      }
      await sleep(pause);
    }
  }

  /** Keeps something that must not be. */
  fail(text: string): void {
    if (this.broken.length < SHOWN) this.broken.push(`${new Date().toISOString()} ${this.name}: ${text.trim().slice(0, 3000)}`);
    else this.broken[SHOWN] = `${this.name}: and more`;
  }

  #line(client: string): Line {
    const known = this.lines.get(client) ?? { done: 0, expected: 0, unexpected: 0, ms: 0, slowest: 0 };
    this.lines.set(client, known);
    return known;
  }
}

/** What lies behind a failed `fetch`. */
const causeOf = ({ cause }: Error): string => (cause instanceof Error ? `(${cause.message})` : '');

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Throws unless content is that of its source. */
export function expectBytes(name: string, found: Uint8Array, wanted: Uint8Array): void {
  if (Buffer.compare(found, wanted) === 0) return;
  throw new WrongBytes(
    `${name} has ${found.length} bytes of SHA-256 ${sha256(found)}; its source has ${wanted.length} of ${sha256(wanted)}`,
  );
}
