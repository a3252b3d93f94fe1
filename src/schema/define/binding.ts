import type { Diagnostic } from '../../common/diagnostic';
import type { ValueRecord } from '../../common/value';
import type { ApiClient } from './client';
import type { JsonObject } from './json';

export type { ApiAnswer, ApiClient, ApiRequest, Digest, Upload } from './client';

/** The values of a definition's key, in its order. */
export type ObjectKey = readonly string[];

/**
 * How one kind of object is read and written, including the quirks of its API. `hints` are the known values of the object besides its
 * key (state or plan; nothing at an import), for APIs that need more than that to find it.
 */
export interface Binding {
  /** The object, or nothing if the server confirms that it does not exist. */
  read(client: ApiClient, key: ObjectKey, hints?: ValueRecord): Promise<JsonObject | undefined>;
  /** Creates the object; returns the server's response, if any. */
  create(client: ApiClient, write: Write): Promise<JsonObject | undefined>;
  /** Updates the object to `body`; returns the server's response, if any. */
  update(client: ApiClient, write: Write): Promise<JsonObject | undefined>;
  /** Deletes the object; succeeds if it no longer exists. */
  remove(client: ApiClient, key: ObjectKey, state: ValueRecord): Promise<void>;
  /**
   * The part of an object that an instance manages, for resources that manage part of an object created by others: nothing if the object has none
   * of that part. @default the whole object
   */
  managedSubset?(object: JsonObject, hints: ValueRecord): JsonObject | undefined;
  /**
   * Set for objects that their parent always has, such as a switch: a create sets it without reading first, since it always exists.
   * @default false
   */
  readonly alwaysExists?: boolean;
  /** The key of an object that an import names in another way; nothing if `id` is none of that kind. */
  importKey?(client: ApiClient, id: string): Promise<ObjectKey | undefined>;
  /** Where an object is that is not where its key says, as sentences for messages; nothing if it is nowhere. */
  elsewhere?(client: ApiClient, key: ObjectKey): Promise<string | undefined>;
  /** How objects of this kind are listed, so that one call serves many reads; omitted if there is no list. */
  readonly list?: ListBinding;
  /** Fields that distinguish this kind from others under the same path, e.g. `{ package_type: 'npm' }`. */
  readonly constants?: Readonly<Record<string, string>>;
  /** Fields that distinguish an object from a later one with the same key, if the server returns them, e.g. `['id']`. @default none */
  readonly uidFields?: readonly string[];
  /** Whether an update clears the secrets that it omits; unchanged secrets are then sent again. @default false */
  readonly fullUpdate?: boolean;
}

/** One write. */
export interface Write {
  readonly key: ObjectKey;
  readonly body: JsonObject;
  /** The values to write, for what is not in the body. */
  readonly values: ValueRecord;
  /** The prior state; nothing for a create. */
  readonly prior?: ValueRecord;
  /** Adds a diagnostic to the result. @default it is lost */
  tell?(diagnostic: Diagnostic): void;
}

/** Selects a list: the parts of a key that determine it, and other values. */
export interface ListQuery {
  readonly key: ObjectKey;
  readonly hints?: ValueRecord;
}

/** A list that serves the reads of many objects. */
export interface ListBinding {
  /** Tells lists of one scope apart that are not fetched in the same way, such as those of two types that name their scopes alike. */
  readonly origin: string;
  /** Names the list that an object is in; objects with the same scope are read together. */
  scope(key: ObjectKey, hints?: ValueRecord): string;
  /** All objects in the scope. */
  fetch(client: ApiClient, key: ObjectKey, hints?: ValueRecord): Promise<readonly JsonObject[]>;
  /** The same, page by page; a page is requested when it is asked for. */
  pages(client: ApiClient, key: ObjectKey, hints?: ValueRecord): AsyncIterable<readonly JsonObject[]>;
  /** The key of an entry; nothing for entries that are not managed. */
  keyOf(entry: JsonObject, key: ObjectKey): ObjectKey | undefined;
  /** Whether entries lack fields that only the object itself has: such lists find objects, but do not answer reads. @default false */
  readonly partial?: boolean;
  /** Which objects are in no list, as the end of a sentence: `repositories that are hidden`. @default every object is in one */
  readonly omits?: string;
  /** Entries that are not for adoption, and why, as a sentence. @default none */
  readonly except?: { readonly why: string; matches(client: ApiClient, entry: JsonObject): boolean };
  /** What the server writes when it is asked for a list, as a sentence. @default it writes nothing */
  readonly writes?: string;
  /** Every list there is, each by a query for an object in it. @default they follow from the key */
  scopes?(client: ApiClient): Promise<readonly ListQuery[]>;
}
