import type { Diagnostic } from '../../common/diagnostic';
import type { ApiClient, Binding, ObjectKey } from './binding';
import type { JsonObject } from './json';

/** The lookups of data sources and checks. */
export interface Server {
  readonly client: ApiClient;
  /** All objects in a binding's list, which also serves the reads of resources. `key` selects the list if there are several. */
  list(binding: Pick<Binding, 'list'>, key?: ObjectKey): Promise<readonly JsonObject[]>;
  /** One object, or nothing if it does not exist; from the list that serves the reads of resources, if there is one. */
  find(binding: Binding, key: ObjectKey): Promise<JsonObject | undefined>;
}

/** The lookups of a data source, never older than the request. */
export interface DataServer extends Server {
  /** Adds a diagnostic to the result. */
  tell(diagnostic: Diagnostic): void;
}

/** The lookups of an action, never older than the request. */
export interface ActionServer extends DataServer {
  /** Tells the user what is being done. */
  progress(message: string): void;
}

/** A kind of object that can be looked up on the server: a resource, or a read-only collection. Objects are identified by key. */
export interface Readable<K extends string = string> {
  readonly key: readonly K[];
  readonly binding: Pick<Binding, 'read' | 'list' | 'constants'>;
}

/** A key by name; an optional part may be missing. */
export type NamedKey<K extends string = string> = { readonly [P in K]?: string | undefined };

/** The argument of hooks with lookups on the server. */
export interface ServerCall {
  readonly client: ApiClient;
  /** All objects in a list, which also serves the reads of resources. `key` selects the list if there are several. */
  list<K extends string>(of: Readable<K>, key?: NamedKey<K>): Promise<readonly JsonObject[]>;
  /** One object, or nothing if it does not exist; from the list that serves the reads of resources, if there is one. */
  find<K extends string>(of: Readable<K>, key: NamedKey<K>): Promise<JsonObject | undefined>;
}

/** The argument of a data source; its lookups are never older than the request. */
export interface DataServerCall extends ServerCall {
  /** Adds a diagnostic to the result. */
  tell(diagnostic: Diagnostic): void;
}

/** The server as hooks see it. */
export const serverCall = ({ client, list, find }: Server): ServerCall => ({
  client,
  list: ({ key: names, binding }, key = {}) => list(binding, positional(names, key)),
  find: ({ key: names, binding }, key) => find(binding as Binding, positional(names, key)),
});

const positional = (names: readonly string[], key: NamedKey): string[] => names.map((name) => key[name] ?? '');
