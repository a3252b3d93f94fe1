import { GrpcError, Status } from './status';

const PREFIX = 5;

/** The largest message that core accepts, and so the largest that is read. */
export const MAX_MESSAGE = 256 * 1024 * 1024;

/** Puts the messages of one stream together from the chunks it arrives in. */
export class FrameReader {
  private chunks: Buffer[] = [];
  private size = 0;
  /** The size of the frame being read, once its prefix is there. */
  private wanted = PREFIX;

  constructor(private readonly limit = MAX_MESSAGE) {}

  /** Whether a message has begun and not ended. */
  get partial(): boolean {
    return this.size > 0;
  }

  /** Takes a chunk and gives the messages it completes; throws a `GrpcError` for a frame that cannot be read. */
  push(chunk: Buffer): Buffer[] {
    this.chunks.push(chunk);
    this.size += chunk.length;
    const messages: Buffer[] = [];
    while (this.size >= this.wanted) {
      const bytes = this.joined();
      const end = PREFIX + this.messageSize(bytes);
      if (bytes.length < end) {
        this.wanted = end;
        break;
      }
      messages.push(bytes.subarray(PREFIX, end));
      this.rest(bytes.subarray(end));
    }
    return messages;
  }

  private joined(): Buffer {
    if (this.chunks.length > 1) this.chunks = [Buffer.concat(this.chunks, this.size)];
    return this.chunks[0] as Buffer;
  }

  private rest(bytes: Buffer): void {
    this.chunks = bytes.length > 0 ? [bytes] : [];
    this.size = bytes.length;
    this.wanted = PREFIX;
  }

  private messageSize(bytes: Buffer): number {
    if (bytes[0] !== 0) throw new GrpcError(Status.UNIMPLEMENTED, 'compressed messages are not supported');
    const size = bytes.readUInt32BE(1);
    if (size > this.limit) throw new GrpcError(Status.RESOURCE_EXHAUSTED, `a message of ${size} bytes is larger than ${this.limit}`);
    return size;
  }
}

/** Puts one message in a frame. */
export function frame(message: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(PREFIX + message.length);
  bytes[0] = 0;
  bytes.writeUInt32BE(message.length, 1);
  bytes.set(message, PREFIX);
  return bytes;
}
