import type { Attributes, Values } from './attribute';
import { withDerived } from './compile';
import { compileCheck } from './compile-checks';
import type { EphemeralDefinition } from './definition';
import type { CheckHook, DerivedHooks } from './hooks';
import type { JsonObject } from './json';
import type { Example } from './resource';
import { serverCall, type ServerCall } from './server';
import { type ApiCase, fieldsOf } from './shape';
import { refuseProblems } from './problems';
import { ephemeralOperations, withTimeouts } from './timeouts';
import { hookValues } from './values';

/** What came of opening. All that it holds, but for what the configuration says, counts as secret. */
export interface Opened<P extends JsonObject = JsonObject> {
  /** What the server answered; it is read into the computed attributes. */
  readonly result: JsonObject;
  /** What there is on the server now, for messages, e.g. `token "ci" of user "admin"`; it shows, so it holds no secret. */
  readonly what: string;
  /** What `renew` and `close` need to know. It is held in memory only, so it may hold secrets. @default nothing */
  readonly private?: P;
  /** When to renew, some time before it ends; needs `renew`. @default never */
  readonly renewAt?: Date;
}

/** What came of renewing. */
export interface Renewed<P extends JsonObject = JsonObject> {
  /** Takes the place of what was kept. @default it stays */
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
  /** Makes it. When the answer cannot be read into the attributes, it is closed at once. */
  open(call: ServerCall & { readonly config: Values<A> }): Promise<Opened<P>>;
  /** Prolongs its life; what was given out stays as it is. @default it cannot be prolonged */
  renew?(call: ServerCall & { readonly private: P }): Promise<Renewed<P>>;
  /** Ends its life; what is gone already is a success. @default it ends by itself */
  close?(call: ServerCall & { readonly private: P }): Promise<unknown>;
  readonly example: Example<A>;
}

/** Declares an ephemeral resource; it gets `timeouts` besides its own attributes. Throws for a definition that cannot work. */
export function defineEphemeral<const A extends Attributes, P extends JsonObject = JsonObject>(
  source: EphemeralSource<A, P>,
): EphemeralDefinition<A> {
  const { type, description, apiCase, checks, example, renew, close } = source;
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
    ...(checks && { checks: checks.map((check) => compileCheck(check as CheckHook<Attributes>, fields)) }),
    open: (server, config) => source.open({ ...serverCall(server), config: hookValues(fields(), config) as Values<A> }),
    ...(renew && { renew: (server, kept) => renew.call(source, { ...serverCall(server), private: kept as P }) }),
    ...(close && { close: async (server, kept) => void (await close.call(source, { ...serverCall(server), private: kept as P })) }),
  };
}
