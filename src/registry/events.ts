import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import * as z from 'zod';
import { reasonOf } from './errors';
import { type Logger, silent } from './logger';
import { type MetadataStore } from './store/metadata';

/** Something that happened: `remote.created`, `artifact.cached`, `file.uploaded` and the like. */
export interface RegistryEvent {
  readonly type: string;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const TOPIC = 'events';
/** How long an event waits for others before other processes are told. */
const DELAY_MS = 50;
/** How many events others are told at once; of more in one moment, they hear of these only. */
const BATCH = 400;

const told = z.object({
  by: z.string(),
  events: z.array(z.object({ type: z.string(), time: z.string(), data: z.record(z.string(), z.unknown()) })),
});

/** Publishes events to their listeners, here and in the other processes that share the store. */
export class Events {
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  readonly #own = randomUUID();
  #waiting: RegistryEvent[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** Without a store, events stay in this process. */
  constructor(
    private readonly metadata?: Pick<MetadataStore, 'tell' | 'hear'>,
    private readonly logger: Pick<Logger, 'warn'> = silent,
  ) {
    metadata?.hear(TOPIC, (text) => this.#take(text));
  }

  /** Notifies all listeners. */
  emit(type: string, data: Readonly<Record<string, unknown>>): void {
    const event: RegistryEvent = { type, time: new Date().toISOString(), data };
    this.#emitter.emit('event', event);
    if (!this.metadata || this.#waiting.length >= BATCH) return;
    this.#waiting.push(event);
    this.#timer ??= setTimeout(() => void this.#tell(), DELAY_MS).unref();
  }

  /** Listens until the answer is called. */
  listen(listener: (event: RegistryEvent) => void): () => void {
    this.#emitter.on('event', listener);
    return () => this.#emitter.off('event', listener);
  }

  /** Tells others of what still waits. */
  async close(): Promise<void> {
    if (this.#timer) await this.#tell();
  }

  async #tell(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const events = this.#waiting;
    this.#waiting = [];
    await this.metadata
      ?.tell(TOPIC, JSON.stringify({ by: this.#own, events }))
      .catch((cause: unknown) =>
        this.logger.warn('other processes were not told of events', { count: events.length, reason: reasonOf(cause) }),
      );
  }

  #take(text: string): void {
    const { data } = told.safeParse(parsed(text));
    if (!data || data.by === this.#own) return;
    for (const event of data.events) this.#emitter.emit('event', event);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
