import type { Client } from '../client/client';
import type { Reader } from '../client/reader';
import type { Catalog } from './compiled';
import { NotConfigured } from './funnel';

/** What is known after the provider block was read: the client, or that some of its values come only at apply. */
export interface Connection {
  readonly client: Client;
  readonly reader: Reader;
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
  /** Objects that this process planned to create, as `type name`; members may name them. */
  readonly planned = new Set<string>();
  private applying = false;

  constructor(
    readonly catalog: Catalog,
    readonly log: Log,
  ) {}

  /** The connection; throws `NotConfigured` when there is none. */
  connected(): Connection {
    if (this.connection) return this.connection;
    throw new NotConfigured(
      this.pending
        ? 'a value of the provider block is known only after apply. Give it a value that is known at plan, or apply in two steps (-target what the value comes from first).'
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
