/** Frames of HTTP/2, made by hand, for what no library would send (RFC 9113, section 6). */

export const Type = {
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RST: 3,
  SETTINGS: 4,
  PUSH: 5,
  PING: 6,
  GOAWAY: 7,
  WINDOW: 8,
  CONTINUATION: 9,
} as const;
export const END_STREAM = 1;
export const END_HEADERS = 4;

/** What every client sends first: the preface and its settings. */
export const hello = (): Buffer => Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame({ type: Type.SETTINGS })]);

export interface Frame {
  readonly type: number;
  readonly flags?: number;
  readonly stream?: number;
  readonly payload?: Uint8Array;
  /** What the frame says of its length. @default the length of its payload */
  readonly length?: number;
}

export function frame({ type, flags = 0, stream = 0, payload = new Uint8Array(), length = payload.length }: Frame): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Header fields as literals that no table keeps (RFC 7541, section 6.2.2); none longer than 126 bytes. */
export function headerBlock(fields: readonly (readonly [string, string])[]): Buffer {
  const text = (value: string): Buffer => Buffer.concat([Buffer.of(Buffer.byteLength(value)), Buffer.from(value)]);
  return Buffer.concat(fields.map(([name, value]) => Buffer.concat([Buffer.of(0), text(name), text(value)])));
}

/** The headers of a gRPC call. */
export const callHeaders = (path: string, changed: Readonly<Record<string, string>> = {}): Buffer =>
  headerBlock(
    Object.entries({
      ':method': 'POST',
      ':scheme': 'http',
      ':authority': 'localhost',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...changed,
    }),
  );

export const headers = (stream: number, payload: Uint8Array, flags = END_HEADERS): Buffer =>
  frame({ type: Type.HEADERS, flags, stream, payload });
export const data = (stream: number, payload: Uint8Array, flags = 0): Buffer => frame({ type: Type.DATA, flags, stream, payload });

/** An unsigned integer of 32 bits. */
export const word = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32BE(value >>> 0, 4 * index));
  return bytes;
};
export const reset = (stream: number, code = 8): Buffer => frame({ type: Type.RST, stream, payload: word(code) });
export const goAway = (last = 0, code = 0): Buffer => frame({ type: Type.GOAWAY, payload: word(last, code) });
