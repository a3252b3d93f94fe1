import type { ValueRecord } from '../../common/value';
import type { ApiClient } from './client';
import type { JsonObject } from './json';

export type { ApiAnswer, ApiClient, ApiRequest, Digest, Upload } from './client';

/** The values of a definition's key, in its order. */
export type ObjectKey = readonly string[];

/**
 * How one kind of object is read and written; the quirks of an API live here. `hints` are what is known of the object besides its
 * key (state or plan; nothing at an import), for APIs that need more than that to find it.
 */
export interface Binding {
  /** The object, or nothing when the server says definitely that there is none. */
  read(client: ApiClient, key: ObjectKey, hints?: ValueRecord): Promise<JsonObject | undefined>;
  /** Makes the object; answers what the server returned of it, if it did. */
  create(client: ApiClient, write: Write): Promise<JsonObject | undefined>;
  /** Brings the object to `body`; answers what the server returned of it, if it did. */
  update(client: ApiClient, write: Write): Promise<JsonObject | undefined>;
  /** Removes the object; one that is gone already is a success. */
  remove(client: ApiClient, key: ObjectKey, state: ValueRecord): Promise<void>;
  /**
   * What of an object an instance manages, for one that manages a part of something that others make: nothing when it has none
   * of that part. @default the whole object
   */
  managedSubset?(object: JsonObject, hints: ValueRecord): JsonObject | undefined;
  /**
   * Set for what its parent always has, such as a switch: a create sets it without looking first, since there is nothing to take over.
   * @default false
   */
  readonly alwaysExists?: boolean;
  /** How objects of this kind are listed together, so that many reads need one call; none where there is no list. */
  readonly list?: ListBinding;
  /** Fields that tell this kind apart from others under the same path, e.g. `{ package_type: 'npm' }`. */
  readonly constants?: Readonly<Record<string, string>>;
  /** Fields that tell an object from a later one with the same key, where the server tells them, e.g. `['id']`. @default none */
  readonly uidFields?: readonly string[];
  /** Whether an update may empty the secrets that it leaves out; those that the server has are then sent along. @default false */
  readonly fullUpdate?: boolean;
}

/** One write. */
export interface Write {
  readonly key: ObjectKey;
  readonly body: JsonObject;
  /** The values to be written, for what is not in the body. */
  readonly values: ValueRecord;
  /** What was in state; nothing for a create. */
  readonly prior?: ValueRecord;
}

/** A list that answers for many objects. */
export interface ListBinding {
  /** Tells lists of one scope apart that are not fetched in the same way, such as those of two types that name their scopes alike. */
  readonly origin: string;
  /** Names the list that an object is in; objects with the same scope are read together. */
  scope(key: ObjectKey, hints?: ValueRecord): string;
  /** All objects of the scope. */
  fetch(client: ApiClient, key: ObjectKey, hints?: ValueRecord): Promise<readonly JsonObject[]>;
  /** Which object an entry is; entries that are none of ours give nothing. */
  keyOf(entry: JsonObject, key: ObjectKey): ObjectKey | undefined;
}
