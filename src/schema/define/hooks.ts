import type { Diagnostic } from '../../common/diagnostic';
import type { Attributes, Values } from './attribute';
import type { ApiClient } from './binding';
import type { JsonObject } from './json';
import type { Config } from './values';

/** The parts of a key by their names; an optional part that is not set is `undefined`. */
export type KeyOf<A extends Attributes, K extends keyof A> = { readonly [P in K]: Values<A>[P] };

/** What hooks may return where an answer is optional. */
type Answer = Promise<JsonObject | undefined | void>;

/** What every hook that talks to the server gets. */
export interface Call<A extends Attributes, K extends keyof A> {
  readonly client: ApiClient;
  readonly key: KeyOf<A, K>;
}

/** A read. */
export interface ReadCall<A extends Attributes, K extends keyof A> extends Call<A, K> {
  /** What state or plan say of the object besides its key, for APIs that need more than that to find it; nothing at an import. */
  readonly hints?: Partial<Values<A>>;
}

/** A create or an update. */
export interface WriteCall<A extends Attributes, K extends keyof A> extends Call<A, K> {
  /** The values to be written, in the form of the API: the fields that it has, under its names. */
  readonly body: JsonObject;
  /** The values to be written. */
  readonly values: Values<A>;
}

/** An update. */
export interface UpdateCall<A extends Attributes, K extends keyof A> extends WriteCall<A, K> {
  /** What was in state; nothing where a create takes over an object that exists. */
  readonly prior?: Values<A>;
}

/** A delete. */
export interface RemoveCall<A extends Attributes, K extends keyof A> extends Call<A, K> {
  /** What is in state. */
  readonly state: Values<A>;
}

/** How objects of a kind are listed together, so that many reads need one call. */
export interface ListHooks<A extends Attributes, K extends keyof A> {
  /**
   * Names the list that an object is in; objects with the same scope are read together. Types share their lists where they have one
   * function as `fetch`. @default the type and the key without its last part
   */
  scope?(call: Omit<ReadCall<A, K>, 'client'>): string;
  /** All objects of the scope. Of the key, what tells the list is known. */
  fetch(call: ReadCall<A, K>): Promise<readonly JsonObject[]>;
  /** Which object an entry is; nothing for an entry that is not managed. @default what the entry has for the attributes of the key */
  keyOf?(entry: JsonObject, call: Pick<Call<A, K>, 'key'>): KeyOf<A, K> | undefined;
}

/** How objects are found on the server. */
export interface ReadHooks<A extends Attributes, K extends keyof A> {
  /** The object, in the form of the API; nothing only when the server says definitely that there is none. */
  read(call: ReadCall<A, K>): Promise<JsonObject | undefined>;
  /** @default objects are read one by one */
  readonly list?: ListHooks<A, K>;
  /** Fields that distinguish this kind from others under the same path, e.g. `{ package_type: 'npm' }`. @default none */
  readonly constants?: Readonly<Record<string, string>>;
}

/** How one kind of object is read and written; the quirks of an API live here. */
export interface ResourceHooks<A extends Attributes, K extends keyof A> extends ReadHooks<A, K> {
  /** Creates the object; answers what the server returned of it, if it did. */
  create(call: WriteCall<A, K>): Answer;
  /** Updates the object to `body`; returns the server's response, if any. */
  update(call: UpdateCall<A, K>): Answer;
  /** Deletes the object; succeeds if it no longer exists. */
  remove(call: RemoveCall<A, K>): Promise<unknown>;
  /**
   * What of an object an instance manages, for one that manages a part of something that others create: nothing when it has none
   * of that part. @default the whole object
   */
  managedSubset?(object: JsonObject, call: { readonly hints: Partial<Values<A>> }): JsonObject | undefined;
  /**
   * Set for objects that their parent always has, such as a switch: a create sets it without reading first, since it always exists.
   * @default false
   */
  readonly alwaysExists?: boolean;
  /** Fields that distinguish an object from a later one with the same key, if the server returns them, e.g. `['id']`. @default none */
  readonly uidFields?: readonly string[];
  /** Whether an update clears the secrets that it omits; unchanged secrets are then sent again. @default false */
  readonly fullUpdate?: boolean;
}

/** A check across attributes of one configuration. A value that is not known yet is `UNKNOWN`, and must pass. */
export type CheckHook<A extends Attributes> = (config: Config<A>) => readonly Diagnostic[];

/** What a plan-time check found: a type that this process planned to create, or what the server has. */
export type Found = { readonly planned: string } | { readonly object: JsonObject };

/** What a plan-time check gets. */
export interface PlanCheckCall<A extends Attributes> {
  /** What is planned; what is known only after apply is `UNKNOWN`. */
  readonly planned: Config<A>;
  /** What is in state; nothing for a create. */
  readonly prior?: Values<A>;
  readonly client: ApiClient;
  /** The object with that key, of any resource type that fits; nothing when neither the server nor this process has one. */
  find(type: RegExp, key: Readonly<Record<string, string>>): Promise<Found | undefined>;
}

/** A check at plan; it may ask the server. */
export type PlanCheckHook<A extends Attributes> = (call: PlanCheckCall<A>) => readonly Diagnostic[] | Promise<readonly Diagnostic[]>;

/** Where the server is, what the provider block says, without its secrets, and a client, for what only the server tells. */
export interface DeriveContext {
  readonly endpoint: string;
  readonly settings: ApiClient['settings'];
  readonly client: ApiClient;
}

/**
 * Computes values, at plan already when what they need is known: one that looks at a value, or at a server, that is not known yet
 * ends there. Each may throw an `AttributeError`.
 */
export type DerivedHooks<A extends Attributes> = {
  readonly [P in keyof A]?: (values: Values<A>, context: DeriveContext) => Values<A>[P] | undefined | Promise<Values<A>[P] | undefined>;
};

/** Turns a stored state of an older schema version into the next version's. Names are camelCase; what is nested and no longer declared is as it was stored. */
export type UpgradeHook = (state: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
