import type { z } from 'zod';
import type { Value, ValueRecord } from '../../common/value';
import type { DeriveContext } from './hooks';
import type { Impact } from './impact';

/** The erased form of a derived value's function: what the definition's `derived` compiles to. */
export type Derive = (values: ValueRecord, context: DeriveContext) => Value | Promise<Value>;

/** The erased form of a function of the definition's `volatile`: whether an update may change the value. */
export type MayChange = (values: ValueRecord, prior: ValueRecord, context: DeriveContext) => Value | Promise<Value>;

/** How values of an attribute are compared. */
export interface SemanticEquals<V = unknown> {
  /** Whether the server treats two values as equal, so that a different spelling is not drift. Called only with values that are set. @default exact equality */
  semanticEquals?(a: V, b: V): boolean;
}

/** The facts about an attribute beyond its type and description. All are optional. */
export interface Facts extends PlainFacts, SemanticEquals {
  /** Computes the value without the server; the definition's `derived` compiles to it. */
  readonly derive?: Derive;
  /** Whether an update may change the value, instead of `volatile`; a function of the definition's `volatile` compiles to it. */
  readonly mayChange?: MayChange;
}

/** The attribute of other objects whose values an attribute repeats. */
export interface ReferenceTarget {
  /** The resource type of these objects, or a pattern of their types. */
  readonly type: string | RegExp;
  /** The camelCase attribute. */
  readonly attribute: string;
}

/** The facts that do not depend on the type of the attribute. */
export interface PlainFacts {
  /**
   * The field's name in the API: dotted for nested fields, a list of segments where a segment has dots itself, e.g.
   * `['metadata', 'example.com/alias']`; `false` when the API has none. @default the attribute's name in the definition's `apiCase`
   */
  readonly api?: string | readonly string[] | false;
  /** Changing it forces replacement. @default false */
  readonly forceNew?: boolean;
  /** Terraform hides the value in its output. @default false */
  readonly sensitive?: boolean;
  /** It is part of the credentials: the error for a 401 names it and its origin. Only in a provider block. @default false */
  readonly credential?: boolean;
  /** The value exists only in the configuration, never in plan or state. @default false */
  readonly writeOnly?: boolean;
  /** The server sets the value: always (then it is never sent), or only if the user does not (with an optional type). @default false */
  readonly computed?: boolean;
  /** The server changes the computed value by itself, such as a sync status: it is read again after each change, and is never drift. @default false */
  readonly volatile?: boolean;
  /** The server does not return the value, or the returned value must not be used: the value in state is kept. @default false */
  readonly notReturned?: boolean;
  /** The server returns the value only when it creates the object, e.g. a generated token. @default false */
  readonly createOnly?: boolean;
  /** First version of the server that has the field, e.g. `3.2`. @default every version has it */
  readonly since?: string;
  /** First version of the server that no longer has the field, e.g. `4.0`. @default every version has it */
  readonly removedIn?: string;
  /**
   * For a list of objects: the camelCase member that identifies an element, so that elements are recognized when they
   * are reordered. Required for write-only members and secrets. @default elements are identified by position
   */
  readonly elementKey?: string;
  /** Set when the attribute is deprecated: what to use instead. */
  readonly deprecated?: string;
  /**
   * The objects that its values name, e.g. `{ type: 'acme_team', attribute: 'name' }`, each among those that are in the same
   * project, or whatever else their key refers to, where an attribute of that name says so here. Generated code refers to them, and listings find what is below them. @default none
   */
  readonly refersTo?: ReferenceTarget;
  /** What a change of it means to reviewers, e.g. `'grants'`. @default nothing in particular */
  readonly impact?: Impact;
  /** Names (camelCase) of attributes that must be set when this one is. */
  readonly requires?: readonly string[];
  /** Names (camelCase) of attributes that must not be set when this one is. */
  readonly conflicts?: readonly string[];
  /** Makes this write-only attribute a secret whose changes are detected, with the camelCase attributes named here; see `secret()`. */
  readonly rotation?: { readonly plain: string; readonly version: string; readonly revision: string };
}

/** One attribute of a definition. */
export interface Attribute<T extends z.ZodType = z.ZodType, F extends PlainFacts = PlainFacts> {
  readonly type: T;
  readonly description: string;
  readonly facts: F;
}

/** All facts of an attribute. */
export const factsOf = ({ facts }: Attribute): Facts => facts;

/** Attributes by their camelCase names; the snake_case ones are derived from them. */
export type Attributes = Readonly<Record<string, Attribute>>;

/** A value as hooks see it: sets are lists, and everything is read-only. */
export type Plain<V> =
  V extends ReadonlySet<infer E>
    ? readonly Plain<E>[]
    : V extends readonly (infer E)[]
      ? readonly Plain<E>[]
      : V extends object
        ? { readonly [K in keyof V]: Plain<V[K]> }
        : V;

/** The value of an attribute as hooks see it; `undefined` when it is not set. */
export type ValueOf<A extends Attribute> =
  A extends Attribute<infer T, infer F>
    ? F extends { readonly computed: true }
      ? Plain<z.output<T>> | undefined
      : Plain<z.output<T>>
    : never;

/** The values of attributes as hooks see them, by their camelCase names. */
export type Values<A extends Attributes> = { readonly [K in keyof A]: ValueOf<A[K]> };

/**
 * Declares an attribute. Whether it is required, optional or has a default is what the zod type says
 * (`z.string()`, `z.string().optional()`, `z.string().default('')`).
 */
export function attr<T extends z.ZodType, const F extends PlainFacts = object>(
  type: T,
  description: string,
  facts?: F & SemanticEquals<Exclude<Plain<z.output<T>>, undefined>>,
): Attribute<T, F> {
  return { type, description, facts: facts ?? ({} as F) };
}

/** A sentence about the server versions that have an attribute; nothing if every version has it. */
export function versionsText({ since, removedIn }: Facts): string | undefined {
  if (since !== undefined && removedIn !== undefined) return `Requires server version ${since} or later, but earlier than ${removedIn}.`;
  if (since !== undefined) return `Requires server version ${since} or later.`;
  return removedIn === undefined ? undefined : `Requires a server version earlier than ${removedIn}.`;
}
