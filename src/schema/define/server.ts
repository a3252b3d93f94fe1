import type { Diagnostic } from '../../common/diagnostic';
import type { ApiClient, Binding, ObjectKey } from './binding';
import type { JsonObject } from './json';

/** What a data source or a check may ask. */
export interface Server {
  readonly client: ApiClient;
  /** All objects of a binding's list; the same list that answers reads of resources. `key` tells which, where there are several. */
  list(binding: Pick<Binding, 'list'>, key?: ObjectKey): Promise<readonly JsonObject[]>;
  /** One object, or nothing when there is none; from the list that answers reads of resources, where there is one. */
  find(binding: Binding, key: ObjectKey): Promise<JsonObject | undefined>;
}

/** What a data source may ask: nothing of it is older than the question. */
export interface DataServer extends Server {
  /** Tells the user something beside the answer. */
  tell(diagnostic: Diagnostic): void;
}

/** What can be looked up on the server: a resource, or a collection that is only read. Its objects are named by their keys. */
export interface Readable<K extends string = string> {
  readonly key: readonly K[];
  readonly binding: Pick<Binding, 'read' | 'list' | 'constants'>;
}

/** A key by names, of which an optional part may be missing. */
export type NamedKey<K extends string = string> = { readonly [P in K]?: string | undefined };

/** What hooks that look around on the server get. */
export interface ServerCall {
  readonly client: ApiClient;
  /** All objects of a list; the same list that answers reads of resources. `key` tells which list, where there are several. */
  list<K extends string>(of: Readable<K>, key?: NamedKey<K>): Promise<readonly JsonObject[]>;
  /** One object, or nothing when there is none; from the list that answers reads of resources, where there is one. */
  find<K extends string>(of: Readable<K>, key: NamedKey<K>): Promise<JsonObject | undefined>;
}

/** What a data source gets: nothing of it is older than the question. */
export interface DataServerCall extends ServerCall {
  /** Tells the user something beside the answer. */
  tell(diagnostic: Diagnostic): void;
}

/** The server as hooks see it. */
export const serverCall = ({ client, list, find }: Server): ServerCall => ({
  client,
  list: ({ key: names, binding }, key = {}) => list(binding, positional(names, key)),
  find: ({ key: names, binding }, key) => find(binding as Binding, positional(names, key)),
});

const positional = (names: readonly string[], key: NamedKey): string[] => names.map((name) => key[name] ?? '');
