import { isRecord, type Value, type ValueRecord } from '../../common/value';
import type * as wire from '../gen/messages';
import { fromJson, pack, unpack } from '../msgpack';
import { asBuffer, readText } from '../wire/bytes';
import type { Init } from '../wire/codec';

/** The value in a message; a missing one is null. */
export function toValue(dynamic: wire.DynamicValue | undefined): Value {
  if (!dynamic) return null;
  if (dynamic.msgpack.length > 0) return unpack(dynamic.msgpack);
  return dynamic.json.length > 0 ? fromJson(toText(dynamic.json)) : null;
}

/** A value as a wire message. */
export function fromValue(value: Value): Init<wire.DynamicValue> {
  return { msgpack: pack(value) };
}

/** The identity in a message, as a part of a request; nothing when there is none. */
export function toIdentity(data: wire.ResourceIdentityData | undefined): { readonly identity?: ValueRecord } {
  const identity = toValue(data?.identityData);
  return isRecord(identity) ? { identity } : {};
}

/** An identity as the message that carries it. */
export function fromIdentity(identity: ValueRecord | undefined): Init<wire.ResourceIdentityData> | undefined {
  return identity && { identityData: fromValue(identity) };
}

/** The text in bytes; throws a `BadValue` when they are not UTF-8. */
export function toText(bytes: Uint8Array): string {
  return readText(asBuffer(bytes), 0, bytes.length);
}

/** The private data of a message that has none. */
export const NONE = new Uint8Array(0);
