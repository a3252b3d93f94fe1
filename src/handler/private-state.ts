import { isJsonObject, type Json, type JsonObject } from '../schema/define/json';
import { parse } from '../client/body';
import type { PrivateState } from './provider';

/** A salted slow hash of a secret. */
export interface Hash {
  readonly salt: string;
  readonly hash: string;
}

/** What is stored next to the state of an instance, in bytes that only this provider reads. */
export interface Remembered {
  /** Hashes of the secrets sent last, by attribute; see decision 9. */
  readonly hashes: Readonly<Record<string, Hash>>;
  /** The fields that distinguish the object that was read from a later one with the same key; see `Binding.uidFields`. */
  readonly marks: JsonObject;
}

/** No attribute has such a name. */
const marksAt = '$marks';

/** The contents of private state; nothing if it is empty or not ours. */
export function unpackPrivate(bytes: PrivateState): Remembered {
  const stored = parse(Buffer.from(bytes).toString('utf8'));
  const { [marksAt]: marks, ...rest } = isJsonObject(stored) ? stored : {};
  const hashes = Object.entries(rest).flatMap(([name, one]) => (isHash(one) ? [[name, one] as const] : []));
  return { hashes: Object.fromEntries(hashes), marks: isJsonObject(marks) ? marks : {} };
}

/** The bytes that core stores; empty if there is nothing to store. */
export function packPrivate({ hashes, marks }: Remembered): PrivateState {
  const stored = { ...hashes, ...(Object.keys(marks).length > 0 && { [marksAt]: marks }) };
  return Object.keys(stored).length > 0 ? Buffer.from(JSON.stringify(stored)) : new Uint8Array();
}

const isHash = (json: Json | undefined): json is Json & Hash =>
  isJsonObject(json) && typeof json['salt'] === 'string' && typeof json['hash'] === 'string';
