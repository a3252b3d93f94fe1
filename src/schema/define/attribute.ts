import type { z } from 'zod';
import type { Value, ValueRecord } from '../../common/value';

/** What a derived attribute may look at: the resource's known attributes, and the provider block without its secrets. */
export type Derive = (values: ValueRecord, context: { readonly endpoint: string; readonly settings: ValueRecord }) => Value;

/** What is to be known of an attribute beyond its type and description. All are optional. */
export interface Facts {
  /**
   * The field's name in the API: dotted for nested fields, a list of segments where a segment has dots itself, e.g.
   * `['metadata', 'example.com/alias']`; `false` when the API has none. @default the attribute's name in the definition's `apiCase`
   */
  readonly api?: string | readonly string[] | false;
  /** Changing this forces replacement. @default false */
  readonly forceNew?: boolean;
  /** Terraform hides the value in its output. @default false */
  readonly sensitive?: boolean;
  /** It says who asks: a 401 names it, and where it is from. Only in a provider block. @default false */
  readonly credential?: boolean;
  /** The value is only in the configuration, never in plan or state. @default false */
  readonly writeOnly?: boolean;
  /** The server sets the value: alone (then it is never sent), or where the user does not (with an optional type). @default false */
  readonly computed?: boolean;
  /** The server changes the computed value by itself, such as a sync status: it is read anew after each change, and is never drift. @default false */
  readonly volatile?: boolean;
  /** The server does not tell the value, or must not be believed: what is in state stays. @default false */
  readonly notReturned?: boolean;
  /** The server tells the value only in its answer to the create, e.g. a token that it made. @default false */
  readonly createOnly?: boolean;
  /** First version of the server that has the field, e.g. `3.2`. @default every version has it */
  readonly since?: string;
  /** First version of the server that no longer has the field, e.g. `4.0`. @default every version has it */
  readonly removedIn?: string;
  /**
   * Of a list of objects: the camelCase member that tells one element from the others, so that elements are recognized when they
   * change places. Write-only members and secrets need it. @default elements are told apart by their places
   */
  readonly elementKey?: string;
  /** Set when the attribute is deprecated: what to use instead. */
  readonly deprecated?: string;
  /** Whether two values mean the same to the server, so that its wording is no drift. @default exact equality */
  readonly semanticEquals?: (a: Value, b: Value) => boolean;
  /**
   * Computes the value without the server, at plan already when what it needs is known. With `api`, the server
   * tells what it has, so that a difference is seen; without, the API has no such field. May throw an `AttributeError`.
   */
  readonly derive?: Derive;
  /** Names (camelCase) of attributes that must be set when this one is. */
  readonly requires?: readonly string[];
  /** Names (camelCase) of attributes that must not be set when this one is. */
  readonly conflicts?: readonly string[];
  /** Makes this write-only attribute a secret whose change is noticed, by the camelCase attributes beside it; see `secret()`. */
  readonly rotation?: { readonly plain: string; readonly version: string; readonly revision: string };
}

/** One attribute of a definition. */
export interface Attribute {
  readonly type: z.ZodType;
  readonly description: string;
  readonly facts: Facts;
}

/** Attributes by their camelCase names; the snake_case ones are derived from them. */
export type Attributes = Readonly<Record<string, Attribute>>;

/**
 * Declares an attribute. Whether it is required, optional or has a default is what the zod type says
 * (`z.string()`, `z.string().optional()`, `z.string().default('')`).
 */
export function attr(type: z.ZodType, description: string, facts: Facts = {}): Attribute {
  return { type, description, facts };
}

/** A sentence about the versions of the server that have an attribute; nothing where every version has it. */
export function versionsText({ since, removedIn }: Facts): string | undefined {
  if (since !== undefined && removedIn !== undefined)
    return `Needs version ${since} of the server or later, up to but not including ${removedIn}.`;
  if (since !== undefined) return `Needs version ${since} of the server or later.`;
  return removedIn === undefined ? undefined : `Needs a version of the server before ${removedIn}.`;
}
