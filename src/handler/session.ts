import { idOf, type ResourceDefinition } from '../schema/define/definition';
import type { Server } from '../schema/define/server';
import type { Client } from '../client/client';
import { fieldsOf } from '../schema/define/shape';
import { Redactor, shortestSecret, wordsOf } from '../client/redact';
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

/** The connection after the provider block was read. */
export interface Connection {
  /** The client for hooks: `root` with the additions of the provider's `connect`. */
  readonly client: ApiClient;
  /** Makes all calls. */
  readonly root: Client;
  readonly reader: Reader;
  /** What is gone from it. */
  readonly goneTogether: GoneTogether;
}

/**
 * Lookups for definitions, answered from the lists that also answer reads of resources.
 *
 * @param client makes the calls that no list can answer
 */
export function serverOf({ reader }: Connection, client: ApiClient): Server {
  return { client, list: (binding, key) => reader.list(binding, key), find: (binding, key) => reader.read(binding, { key }) };
}

/**
 * The same, but never older than the request, because the server may have been changed by others since.
 *
 * @param fields the fields that list entries need to answer for one object
 */
export function serverNow({ reader }: Connection, client: ApiClient, fields: readonly string[]): Server {
  return { client, list: (binding, key) => reader.listNow(binding, key), find: (binding, key) => reader.readNow(binding, { key }, fields) };
}

/** The private data of an ephemeral resource from open to close. Core holds it in memory and passes it back. */
export interface Kept {
  /** Identifies it, because core passes to close the private data of open, even if a renewal replaced it. */
  readonly id: string;
  readonly type: string;
  readonly what: string;
  readonly private: JsonObject;
  /** The configured timeouts, which core does not pass to renew and close. */
  readonly timeouts: Value;
}

/** Writes a line for `TF_LOG`; callers must not pass secrets. */
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
  /** Types of the objects that this process planned to create, by id; members may refer to them. */
  readonly planned = new Map<string, Set<string>>();
  /** Ids of the instances in state that this process has seen, for types that are children of others. */
  readonly seen: ReadonlyMap<string, Set<string>>;
  /** Warnings already given, which are not repeated in this process. */
  readonly told = new Set<string>();
  /** The latest private data of open ephemeral resources, by our own id. */
  readonly open = new Map<string, Kept>();
  private readonly given: Redactor;
  private readonly configured: Redactor;
  private applying = false;
  private version: Promise<string | undefined> | undefined;

  constructor(
    readonly catalog: Catalog,
    readonly log: Log,
  ) {
    const { name: provider, attributes } = catalog.provider;
    const words = wordsOf(
      provider,
      fieldsOf(attributes).map(({ name }) => name),
    );
    [this.given, this.configured] = [new Redactor(words), new Redactor(words)];
    catalog.output = { clean: (text) => this.cleanOfAll(text), log };
    this.seen = new Map(
      catalog.provider.resources.flatMap(({ deleteGuard }) => (deleteGuard ? [[deleteGuard.childType, new Set<string>()]] : [])),
    );
  }

  /** The server's version, requested once; nothing if the server does not return one. A failure is not cached. */
  serverVersion(): Promise<string | undefined> {
    const { guard, provider } = this.catalog;
    const hook = { name: `serverVersion of the provider ${provider.name}`, wrong: textOrNothing };
    this.version ??= guard.later(hook, () => provider.serverVersion?.(this.connected().client));
    this.version.catch(() => (this.version = undefined));
    return this.version;
  }

  /** Redacts a string that a server issued for this run only in all responses, messages and log lines of this process. */
  hide(secret: string): void {
    this.given.add(secret);
    this.connection?.root.redactor.add(secret);
  }

  /** A text with those strings redacted. */
  clean(text: string): string {
    return this.given.clean(text);
  }

  /** Remembers the secrets of a configuration that hooks are called with: what they say does not show them. */
  hideFromFaults(fields: readonly Field[], config: ValueRecord): void {
    for (const secret of secretTexts(fields, config)) if (secret.length >= shortestSecret) this.configured.add(secret);
  }

  /** A text with all secrets known to this process redacted. */
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

  /** The connection. Throws `NotConfigured` if there is none. */
  connected(): Connection {
    if (this.connection) return this.connection;
    throw new NotConfigured(
      this.pending
        ? 'a value of the provider block is known only after apply. Give it a value that is known at plan, or apply in two steps (first with -target on the resource that provides the value).'
        : 'the provider block was not read. Run terraform init and plan again.',
    );
  }

  /** Called before each write: discards, at the first write, what was read for the plan. */
  startApply(): Connection {
    const connection = this.connected();
    if (!this.applying) connection.reader.forget();
    this.applying = true;
    return connection;
  }
}
