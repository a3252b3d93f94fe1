import { warning } from '../../common/diagnostic';
import type { Attributes, Values } from './attribute';
import { withDerived } from './compile';
import { compileCheck } from './compile-checks';
import type { DataSourceDefinition } from './definition';
import type { CheckHook, DerivedHooks } from './hooks';
import type { JsonObject } from './json';
import type { Example } from './resource';
import { type DataServerCall, serverCall } from './server';
import { type ApiCase, fieldsOf } from './shape';
import type { Needs } from './needs';
import { refuseProblems } from './problems';
import { hookValues, terraformDiagnostic } from './values';

/** A data source as its author writes it. */
export interface DataSourceSource<A extends Attributes> {
  /** Terraform's name, e.g. `artifactapi_remotes`. */
  readonly type: string;
  readonly description: string;
  readonly attributes: A;
  /** How the API writes its fields. @default 'snake' */
  readonly apiCase?: ApiCase;
  /** Computes attributes from others, without the server. @default none */
  readonly derived?: DerivedHooks<A>;
  /** Checks across attributes, run at validation. @default none */
  readonly checks?: readonly CheckHook<A>[];
  /** What the login needs at the server; for the docs and the messages of refused requests. @default not stated */
  readonly needs?: Needs<'read', A>;
  /** Queries the server; the response, in the format of the API, is read into the computed attributes. `undefined` means not found, which is an error. */
  read(call: DataServerCall & { readonly config: Values<A> }): Promise<JsonObject | undefined>;
  readonly example: Example<A>;
}

/** Declares a data source. Throws for a definition that cannot work. */
export function defineDataSource<const A extends Attributes>(source: DataSourceSource<A>): DataSourceDefinition<A> {
  const { type, description, apiCase, checks, needs, example } = source;
  const attributes = withDerived({ type, attributes: source.attributes, derived: source.derived as DerivedHooks<Attributes>, apiCase });
  const fields = (): ReturnType<typeof fieldsOf> => fieldsOf(attributes, apiCase);
  refuseProblems({ ...source, attributes, examples: [example] });
  return {
    type,
    description,
    attributes: attributes as unknown as A,
    example,
    ...(apiCase && { apiCase }),
    ...(needs && { needs: needs as Needs<'read'> }),
    ...(checks && { checks: checks.map((check) => compileCheck(check as CheckHook<Attributes>, fields)) }),
    read: (server, config) =>
      source.read({
        ...serverCall(server),
        tell: (diagnostic) => server.tell(terraformDiagnostic(diagnostic)),
        config: hookValues(fields(), config) as Values<A>,
      }),
  };
}

/** The query of a data source with a limit. */
export interface Limited {
  readonly limit: number;
  /** What is being listed, e.g. `files in "generic"`. */
  readonly what: string;
}

/** At most `limit` items, with a warning if the server has more; `find` is asked for one more than the limit. */
export async function upTo<T>(
  { tell }: Pick<DataServerCall, 'tell'>,
  { limit, what }: Limited,
  find: (limit: number) => Promise<T[] | undefined>,
): Promise<T[] | undefined> {
  const found = await find(limit + 1);
  if (found && found.length > limit)
    tell(
      warning('List Is Cut Off', `There are more than ${limit} ${what}; only the first ${limit} were read. Raise "limit" to read more.`, [
        'limit',
      ]),
    );
  return found?.slice(0, limit);
}
