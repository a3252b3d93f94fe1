import { createHash } from 'node:crypto';
import { type FastifyRequest } from 'fastify';
import { arriving, arrivingAt } from '../../../body';
import { type Blob, type BlobStore } from '../../../store/blobs';
import { type Store } from '../../../store/store';
import { type BkContext } from '../context';
import { problem } from '../problem';
import { Crc64 } from './crc64';

/** A stored blob with the other checksums that nodes have. */
export interface Received extends Blob {
  readonly md5: string;
  readonly crc64ecma: string;
}

/** Stores a stream and computes its checksums on the way. */
export async function receive(blobs: BlobStore, body: AsyncIterable<Uint8Array>): Promise<Received> {
  const sums = new Sums();
  async function* watched() {
    for await (const chunk of body) {
      sums.update(chunk);
      yield chunk;
    }
  }
  const blob = await blobs.receive(watched());
  return { ...blob, ...sums.digest() };
}

/** Computes the other checksums of a stored blob. */
export async function summed(blobs: BlobStore, blob: Blob): Promise<Received> {
  const sums = new Sums();
  for await (const chunk of await blobs.read(blob.hash)) sums.update(chunk as Buffer);
  return { ...blob, ...sums.digest() };
}

class Sums {
  readonly #md5 = createHash('md5');
  readonly #crc = new Crc64();

  update(chunk: Uint8Array): void {
    this.#md5.update(chunk);
    this.#crc.update(chunk);
  }

  digest(): Omit<Received, keyof Blob> {
    return { md5: this.#md5.digest('hex'), crc64ecma: this.#crc.digest() };
  }
}

/** Stores the body of a request; one that breaks off is the client's fault. */
export function receiveBody({ blobs, room }: Pick<Store, 'blobs' | 'room'>, request: FastifyRequest): Promise<Received> {
  return receive(blobs, arrivingAt(room, request, brokenOff));
}

/** The body of a request as it arrives, whatever room there is. */
export function arrivingBody(request: FastifyRequest): AsyncIterable<Uint8Array> {
  return arriving(request, brokenOff);
}

const brokenOff = () => problem('REQUEST_CONTENT_INVALID', 'The upload broke off');

/** Compares the checksums that the client announced with those of what arrived. */
export function checkDigests(request: FastifyRequest, received: Received): void {
  const announced = [
    ['x-bkrepo-sha256', received.hash, 'sha256'],
    ['x-bkrepo-md5', received.md5, 'md5'],
    ['x-bkrepo-crc64ecma', received.crc64ecma, 'crc64ecma'],
  ] as const;
  for (const [header, actual, name] of announced) {
    const wanted = headerOf(request, header);
    if (wanted && wanted.toLowerCase() !== actual) throw problem('DIGEST_CHECK_FAILED', `Failed to check artifact ${name} digest`);
  }
}

/** Compares the size that the client announced with that of what arrived. */
export function checkSize(request: FastifyRequest, size: number): void {
  const wanted = headerOf(request, 'x-bkrepo-size');
  if (wanted && Number(wanted) !== size) throw problem('SIZE_CHECK_FAILED', `Size check failed, got ${size} bytes`);
}

/** One header of a request; when it is repeated, the first. */
export function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** A header that says true or not. */
export function booleanHeader(request: FastifyRequest, name: string): boolean {
  return headerOf(request, name)?.toLowerCase() === 'true';
}

/** When a file that is uploaded now expires, in milliseconds; 0 is never. */
export function expiryOf({ store }: Pick<BkContext, 'store'>, days: number): number {
  return days > 0 ? store.metadata.now() + days * 86_400_000 : 0;
}
