import type { Diagnostic } from '../../common/diagnostic';
import type { Attributes, Values } from './attribute';
import type { ApiClient } from './binding';
import type { JsonObject } from './json';
import type { Config } from './values';

/** The parts of a key by name; an optional part that is not set is `undefined`. */
export type KeyOf<A extends Attributes, K extends keyof A> = { readonly [P in K]: Values<A>[P] };

/** The return value of hooks with an optional result. */
type Answer = Promise<JsonObject | undefined | void>;

/** The argument of every hook that calls the server. */
export interface Call<A extends Attributes, K extends keyof A> {
  readonly client: ApiClient;
  readonly key: KeyOf<A, K>;
  /** Where objects of the API have the attributes of the key, in the key's order: the segments of each path, e.g. `[['metadata', 'name']]`. */
  readonly keyPaths?: readonly (readonly string[])[];
}

/** A read. */
export interface ReadCall<A extends Attributes, K extends keyof A> extends Call<A, K> {
  /** Values of the object from state or plan besides its key, for APIs that need more to find it; nothing at an import. */
  readonly hints?: Partial<Values<A>>;
}

/** A create or an update. */
export interface WriteCall<A extends Attributes, K extends keyof A> extends Call<A, K> {
  /** The values to write, in the format of the API: its fields under its names. */
  readonly body: JsonObject;
  /** The values to write. */
  readonly values: Values<A>;
  /** Adds a warning to the result, about something that the write could not do and that does not make it fail. */
  tell(diagnostic: Diagnostic): void;
}

/** An update. */
export interface UpdateCall<A extends Attributes, K extends keyof A> extends WriteCall<A, K> {
  /** The prior state; nothing if a create takes over an existing object. */
  readonly prior?: Values<A>;
}

/** A delete. */
export interface RemoveCall<A extends Attributes, K extends keyof A> extends Call<A, K> {
  /** The state. */
  readonly state: Values<A>;
}

/** How objects of a kind are listed, so that one call serves many reads. */
export interface ListHooks<A extends Attributes, K extends keyof A> {
  /**
   * Names the list that an object is in; objects with the same scope are read together. Types share their lists where they have one
   * function as `fetch`. @default the type and the key without its last part
   */
  scope?(call: Omit<ReadCall<A, K>, 'client' | 'keyPaths'>): string;
  /**
   * All objects in the scope, or its pages one after the other (an `async *fetch`, or `fetchPages`), so that whoever needs only the first
   * objects requests no more. Only the parts of the key that determine the list are set.
   */
  fetch(call: ReadCall<A, K>): Promise<readonly JsonObject[]> | AsyncIterable<readonly JsonObject[]>;
  /** The key of an entry; nothing for an entry that is not managed. @default the entry's values of the key attributes */
  keyOf?(entry: JsonObject, call: Pick<Call<A, K>, 'key'>): KeyOf<A, K> | undefined;
  /** Whether entries lack fields that only the object itself has: such lists find objects, but do not answer reads. @default false */
  readonly partial?: boolean;
  /** Which objects are in no list, as the end of a sentence, e.g. `repositories that are hidden`. @default every object is in one */
  readonly omits?: string;
  /** Entries that are on the server and that nobody should come to manage by finding them in a list. @default none */
  readonly except?: {
    /** Which they are and why, as a sentence. */
    readonly why: string;
    matches(entry: JsonObject, call: { readonly client: ApiClient }): boolean;
  };
  /** What the server writes when it is asked for a list, as a sentence; such lists are fetched only on request. @default it writes nothing */
  readonly writes?: string;
  /**
   * Every list there is, each by the values that determine it, to find all objects on the server. @default one for each combination of the
   * values that the attributes of the key can have which have few (`z.enum`) or name other objects (`refersTo`)
   */
  scopes?(call: { readonly client: ApiClient }): Promise<readonly Partial<Values<A>>[]>;
}

/** How objects are read from the server. */
export interface ReadHooks<A extends Attributes, K extends keyof A> {
  /** The object, in the format of the API; nothing only if the server confirms that it does not exist. */
  read(call: ReadCall<A, K>): Promise<JsonObject | undefined>;
  /** @default objects are read individually */
  readonly list?: ListHooks<A, K>;
  /** Fields that distinguish this kind from others under the same path, e.g. `{ package_type: 'npm' }`. @default none */
  readonly constants?: Readonly<Record<string, string>>;
}

/** How one kind of object is read and written, including the quirks of its API. */
export interface ResourceHooks<A extends Attributes, K extends keyof A> extends ReadHooks<A, K> {
  /** Creates the object; returns the server's response, if any. */
  create(call: WriteCall<A, K>): Answer;
  /** Updates the object to `body`; returns the server's response, if any. */
  update(call: UpdateCall<A, K>): Answer;
  /** Deletes the object; succeeds if it no longer exists. */
  remove(call: RemoveCall<A, K>): Promise<unknown>;
  /**
   * The part of an object that an instance manages, for resources that manage part of an object created by others: nothing if it has none
   * of that part. @default the whole object
   */
  managedSubset?(object: JsonObject, call: { readonly hints: Partial<Values<A>> }): JsonObject | undefined;
  /**
   * Set for objects that their parent always has, such as a switch: a create sets it without reading first, since it always exists.
   * @default false
   */
  readonly alwaysExists?: boolean;
  /**
   * The key of an object that an import names in another way than by its key, such as by the id that the server assigned; nothing if the
   * import id is none of that kind. @default objects are imported by their key only
   */
  importKey?(call: { readonly client: ApiClient; readonly id: string }): Promise<KeyOf<A, K> | undefined>;
  /**
   * Where an object is that is not where its key says, such as in another project, and how to get at it: one or more sentences for
   * messages; nothing if it is nowhere. @default nobody looks
   */
  elsewhere?(call: ReadCall<A, K>): Promise<string | undefined>;
  /** Fields that distinguish an object from a later one with the same key, if the server returns them, e.g. `['id']`. @default none */
  readonly uidFields?: readonly string[];
  /** Whether an update clears the secrets that it omits; unchanged secrets are then sent again. @default false */
  readonly fullUpdate?: boolean;
  /** Attributes of the key that the paths of `rest()` name in braces. @default none */
  readonly pathKeys?: readonly string[];
}

/** A check across attributes of one configuration. A value that is not known yet is `UNKNOWN`, and must be accepted. */
export type CheckHook<A extends Attributes> = (config: Config<A>) => readonly Diagnostic[];

/** The result of a lookup: a type that this process planned to create, or the object on the server. */
export type Found = { readonly planned: string } | { readonly object: JsonObject };

/** The argument of a plan-time check. */
export interface PlanCheckCall<A extends Attributes> {
  /** The planned values; a value known only after apply is `UNKNOWN`. */
  readonly planned: Config<A>;
  /** The prior state; nothing for a create. */
  readonly prior?: Values<A>;
  readonly client: ApiClient;
  /** The object with that key, of any matching resource type; nothing if neither the server nor this process has one. */
  find(type: RegExp, key: Readonly<Record<string, string>>): Promise<Found | undefined>;
}

/** A plan-time check; it may call the server. */
export type PlanCheckHook<A extends Attributes> = (call: PlanCheckCall<A>) => readonly Diagnostic[] | Promise<readonly Diagnostic[]>;

/** The endpoint, the provider block without its secrets, and a client for values that only the server knows. */
export interface DeriveContext {
  readonly endpoint: string;
  readonly settings: ApiClient['settings'];
  readonly client: ApiClient;
}

/**
 * Computes values, during plan if their inputs are known: a function that reads a value, or uses a server, that is not known yet
 * ends there. Each may throw an `AttributeError`.
 */
export type DerivedHooks<A extends Attributes> = {
  readonly [P in keyof A]?: (values: Values<A>, context: DeriveContext) => Values<A>[P] | undefined | Promise<Values<A>[P] | undefined>;
};

/**
 * Tells whether an update may change a value that the server alone sets, for those that few updates change, or only some servers: it is
 * unknown in the plan of those updates alone. Each decides instead of the attribute's own `volatile`, from the planned values and the prior
 * state; a function that reads a value, or uses a server, that is not known yet ends there, and the value may change.
 */
export type VolatileHooks<A extends Attributes> = {
  readonly [P in keyof A]?: (values: Values<A>, prior: Values<A>, context: DeriveContext) => boolean | Promise<boolean>;
};

/** Turns a stored state of an older schema version into the next version's. Names are camelCase; nested members that are no longer declared stay as stored. */
export type UpgradeHook = (state: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
