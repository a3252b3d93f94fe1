import { idOf, type ResourceDefinition } from '../schema/define/definition';
import type { Server } from '../schema/define/server';
import type { Client } from '../client/client';
import { Redactor } from '../client/redact';
import type { Reader } from '../client/reader';
import type { Value, ValueRecord } from '../common/value';
import type { ApiClient } from '../schema/define/client';
import type { JsonObject } from '../schema/define/json';
import type { Field } from '../schema/define/shape';
import { type Catalog, type Compiled, keyOf } from './compiled';
import { NotConfigured } from './funnel';
import type { GoneTogether } from './gone';
import { textOrNothing } from './guarded';
import { secretTexts } from './secrets';

/** What is known after the provider block was read: the client, or that some of its values come only at apply. */
export interface Connection {
  /** What hooks use: that of `root`, with what `connect` of the provider adds. */
  readonly client: ApiClient;
  /** Makes all calls. */
  readonly root: Client;
  readonly reader: Reader;
  /** What is gone from it. */
  readonly goneTogether: GoneTogether;
}

/**
 * What definitions may ask of a server, by way of the lists that answer reads of resources.
 *
 * @param client makes the calls that no list answers
 */
export function serverOf({ reader }: Connection, client: ApiClient): Server {
  return { client, list: (binding, key) => reader.list(binding, key), find: (binding, key) => reader.read(binding, { key }) };
}

/**
 * The same for what must not be older than the question: something else may have changed the server since.
 *
 * @param fields what a list must have to answer for one object
 */
export function serverNow({ reader }: Connection, client: ApiClient, fields: readonly string[]): Server {
  return { client, list: (binding, key) => reader.listNow(binding, key), find: (binding, key) => reader.readNow(binding, { key }, fields) };
}

/** What is remembered of an ephemeral resource from open to close. Core holds it in memory and gives it back. */
export interface Kept {
  /** Tells it from others, because core gives close what open kept, also when a renewal kept something newer. */
  readonly id: string;
  readonly type: string;
  readonly what: string;
  readonly private: JsonObject;
  /** The limits of the configuration, which renew and close do not get. */
  readonly timeouts: Value;
}

/** Writes a line for `TF_LOG`; never given a secret. */
export type Log = (
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  fields?: Readonly<Record<string, string | number | boolean>>,
) => void;

/** The state of one provider process. */
export class Session {
  /** The connection; nothing before the provider is configured and while its configuration is unknown. */
  connection: Connection | undefined;
  /** Whether the provider block was read but holds unknown values. */
  pending = false;
  /** Types of the objects that this process planned to create, by their ids; members may name them. */
  readonly planned = new Map<string, Set<string>>();
  /** Ids of the instances in state that this process was asked of, for the types that others hold. */
  readonly seen: ReadonlyMap<string, Set<string>>;
  /** What was said and is not said again in this process. */
  readonly told = new Set<string>();
  /** The ephemeral resources that are open, as they were kept last, by an id of ours. */
  readonly open = new Map<string, Kept>();
  private readonly given = new Redactor();
  private readonly configured = new Redactor();
  private applying = false;
  private version: Promise<string | undefined> | undefined;

  constructor(
    readonly catalog: Catalog,
    readonly log: Log,
  ) {
    catalog.output = { clean: (text) => this.cleanOfAll(text), log };
    this.seen = new Map(
      catalog.provider.resources.flatMap(({ deleteGuard }) => (deleteGuard ? [[deleteGuard.childType, new Set<string>()]] : [])),
    );
  }

  /** The server's version, asked once; nothing when it does not say. A failure is not remembered. */
  serverVersion(): Promise<string | undefined> {
    const { guard, provider } = this.catalog;
    const hook = { name: `serverVersion of the provider ${provider.name}`, wrong: textOrNothing };
    this.version ??= guard.later(hook, () => provider.serverVersion?.(this.connected().client));
    this.version.catch(() => (this.version = undefined));
    return this.version;
  }

  /** Remembers a text that a server gave for this run alone: no answer, message or line of this process shows it. */
  hide(secret: string): void {
    this.given.add(secret);
    this.connection?.root.redactor.add(secret);
  }

  /** A text without what was hidden. */
  clean(text: string): string {
    return this.given.clean(text);
  }

  /** Remembers the secrets of a configuration that hooks are called with: what they say does not show them. */
  hideFromFaults(fields: readonly Field[], config: ValueRecord): void {
    for (const secret of secretTexts(fields, config)) this.configured.add(secret);
  }

  /** A text without all that this process knows as secret. */
  private cleanOfAll(text: string): string {
    const clean = this.configured.clean(this.clean(text));
    return this.connection?.root.redactor.clean(clean) ?? clean;
  }

  /** Remembers an instance that is to be created. */
  willCreate(type: string, id: string): void {
    this.planned.set(id, (this.planned.get(id) ?? new Set()).add(type));
  }

  /** Remembers an instance in state. */
  see(compiled: Compiled<ResourceDefinition>, state: ValueRecord): void {
    const key = this.seen.has(compiled.definition.type) ? keyOf(compiled, state) : undefined;
    if (key) this.seen.get(compiled.definition.type)?.add(idOf(key));
  }

  /** The connection; throws `NotConfigured` when there is none. */
  connected(): Connection {
    if (this.connection) return this.connection;
    throw new NotConfigured(
      this.pending
        ? 'a value of the provider block is known only after apply. Give it a value that is known at plan, or apply in two steps (first with -target on the resource that provides the value).'
        : 'the provider block was not read. Run terraform init and plan again.',
    );
  }

  /** Called before each write: what was read for the plan, before the first write, does not answer for the apply. */
  startApply(): Connection {
    const connection = this.connected();
    if (!this.applying) connection.reader.forget();
    this.applying = true;
    return connection;
  }
}
