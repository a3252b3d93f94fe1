import { Reader } from './reader';
import { Writer } from './writer';

/** What may be given to be encoded: every field may be left out. */
export type Init<T> = T extends Uint8Array | string | number | bigint | boolean | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Init<Item>[]
    : { readonly [Key in keyof T]?: Init<T[Key]> | undefined };

/** How one message is written and read. */
export interface Codec<T> {
  encode(message: Init<T>, writer: Writer): void;
  decode(reader: Reader, end: number): T;
}

/** One method of a gRPC service. */
export interface MethodType<Request = unknown, Response = unknown> {
  readonly path: string;
  readonly request: Codec<Request>;
  readonly response: Codec<Response>;
  readonly stream: 'none' | 'request' | 'response';
}

const writer = new Writer();

/** Encodes one message. */
export function encode<T>(codec: Pick<Codec<T>, 'encode'>, message: Init<T>): Buffer {
  writer.pos = 0;
  codec.encode(message, writer);
  return writer.take();
}

/** Encodes one message in a gRPC frame: a flag byte, four bytes of length, the message. */
export function encodeFrame<T>(codec: Pick<Codec<T>, 'encode'>, message: Init<T>): Buffer {
  writer.reserve(5);
  writer.pos = 5;
  codec.encode(message, writer);
  writer.bytes[0] = 0;
  writer.bytes.writeUInt32BE(writer.pos - 5, 1);
  return writer.take();
}

/** Decodes one message; throws a `WireError` when the bytes are not one. */
export function decode<T>(codec: Pick<Codec<T>, 'decode'>, bytes: Uint8Array): T {
  return codec.decode(new Reader(bytes), bytes.length);
}
