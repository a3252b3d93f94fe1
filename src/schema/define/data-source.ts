import { type Diagnostic, warning } from '../../common/diagnostic';
import type { ValueRecord } from '../../common/value';
import type { Attributes } from './attribute';
import type { ApiClient, Binding, ObjectKey } from './binding';
import type { JsonObject } from './json';
import type { Check, ExampleConfig } from './resource';
import type { ApiCase } from './shape';

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

/** One data source. */
export interface DataSourceDefinition {
  /** Terraform's name, e.g. `artifactapi_remotes`. */
  readonly type: string;
  readonly description: string;
  readonly attributes: Attributes;
  readonly apiCase?: ApiCase;
  /** Checks across attributes, made at validation. */
  readonly checks?: readonly Check[];
  /** Asks the server; the answer is read into the computed attributes. Nothing found gives `undefined`, which is an error. */
  read(server: DataServer, config: ValueRecord): Promise<JsonObject | undefined>;
  readonly example: ExampleConfig;
}

/** What is looked for by a data source that reads so many at the most. */
export interface Limited {
  readonly limit: number;
  /** What there may be more of, e.g. `files in "generic"`. */
  readonly what: string;
}

/** As many as are wanted, told of when the server has more; `find` is asked for one more than those. */
export async function upTo<T>(
  { tell }: DataServer,
  { limit, what }: Limited,
  find: (limit: number) => Promise<T[] | undefined>,
): Promise<T[] | undefined> {
  const found = await find(limit + 1);
  if (found && found.length > limit)
    tell(
      warning('List Is Cut Off', `There are more than ${limit} ${what}; only the first ${limit} are read. Raise "limit" to read more.`, [
        'limit',
      ]),
    );
  return found?.slice(0, limit);
}

/** Declares a data source. */
export function defineDataSource(definition: DataSourceDefinition): DataSourceDefinition {
  return definition;
}
