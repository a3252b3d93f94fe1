import type { Attributes, Values } from './attribute';
import { withDerived } from './compile';
import { compileCheck } from './compile-checks';
import type { EphemeralDefinition } from './definition';
import type { CheckHook, DerivedHooks } from './hooks';
import type { JsonObject } from './json';
import type { Example } from './resource';
import { serverCall, type ServerCall } from './server';
import { type ApiCase, fieldsOf } from './shape';
import type { Needs } from './needs';
import { refuseProblems } from './problems';
import { ephemeralOperations, withTimeouts } from './timeouts';
import { hookValues } from './values';

/** The result of opening. Everything in it, except what the configuration contains, is treated as secret. */
export interface Opened<P extends JsonObject = JsonObject> {
  /** The server's response; it is read into the computed attributes. */
  readonly result: JsonObject;
  /** What was created on the server, for messages, e.g. `token "ci" of user "admin"`; it must not contain a secret. */
  readonly what: string;
  /** Data for `renew` and `close`. It is held in memory only, so it may contain secrets. @default nothing */
  readonly private?: P;
  /** When to renew, some time before it expires; requires `renew`. @default never */
  readonly renewAt?: Date;
}

/** The result of renewing. */
export interface Renewed<P extends JsonObject = JsonObject> {
  /** Replaces the private data. @default it is kept */
  readonly private?: P;
  /** When to renew again. @default never */
  readonly renewAt?: Date;
}

/** An ephemeral resource as its author writes it. */
export interface EphemeralSource<A extends Attributes, P extends JsonObject> {
  /** Terraform's name, e.g. `bkrepo_user_token`. */
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
  readonly needs?: Needs<'open' | 'close', A>;
  /** Opens it. If the result cannot be read into the attributes, it is closed immediately. */
  open(call: ServerCall & { readonly config: Values<A> }): Promise<Opened<P>>;
  /** Renews it; the values already returned stay the same. @default it cannot be renewed */
  renew?(call: ServerCall & { readonly private: P }): Promise<Renewed<P>>;
  /** Closes it; succeeds if it no longer exists. @default it expires by itself */
  close?(call: ServerCall & { readonly private: P }): Promise<unknown>;
  readonly example: Example<A>;
}

/** Declares an ephemeral resource; it gets `timeouts` besides its own attributes. Throws for a definition that cannot work. */
export function defineEphemeral<const A extends Attributes, P extends JsonObject = JsonObject>(
  source: EphemeralSource<A, P>,
): EphemeralDefinition<A> {
  const { type, description, apiCase, checks, needs, example, renew, close } = source;
  for (const [key, { facts }] of Object.entries(source.attributes)) {
    if (facts.writeOnly || facts.forceNew)
      throw new Error(`${type}: "${key}" is write-only or forces replacement, but an ephemeral resource is never stored; remove that`);
  }
  const some = ephemeralOperations.filter((operation) => source[operation] !== undefined);
  const own = withDerived({ type, attributes: source.attributes, derived: source.derived as DerivedHooks<Attributes>, apiCase });
  const attributes = withTimeouts(type, own, some);
  const fields = (): ReturnType<typeof fieldsOf> => fieldsOf(attributes, apiCase);
  refuseProblems({ ...source, attributes, examples: [example] });
  return {
    type,
    description,
    attributes: attributes as unknown as A,
    example,
    ...(apiCase && { apiCase }),
    ...(needs && { needs: needs as Needs<'open' | 'close'> }),
    ...(checks && { checks: checks.map((check) => compileCheck(check as CheckHook<Attributes>, fields)) }),
    open: (server, config) => source.open({ ...serverCall(server), config: hookValues(fields(), config) as Values<A> }),
    ...(renew && { renew: (server, kept) => renew.call(source, { ...serverCall(server), private: kept as P }) }),
    ...(close && { close: async (server, kept) => void (await close.call(source, { ...serverCall(server), private: kept as P })) }),
  };
}
