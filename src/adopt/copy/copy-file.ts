import { createHash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Container, ServerContents } from '../../handler/contents';
import type { Digest } from '../../schema/define/binding';
import type { ListedFile } from '../../schema/define/definition';
import { ApiError, type ErrorCode } from '../../schema/define/errors';

/** A file on its way from one server to another. */
export interface Transfer {
  readonly from: ServerContents;
  readonly to: ServerContents;
  readonly container: Container;
  readonly file: ListedFile;
  /** What the content has to be. */
  readonly digest: Digest;
  readonly replaces: boolean;
  readonly signal: AbortSignal;
  /** Told of the bytes that arrived from the source. */
  progress(bytes: number): void;
}

/** Milliseconds before further tries. */
const pauses = [1000, 4000];

const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['busy', 'server-error', 'timeout', 'unreachable']);

/** The content that was read is not what the source lists. */
export class WrongContent extends Error {}

/**
 * Copies a file without holding it in memory or on disk. The target gets the last bytes only when all of them have the digest that the source
 * lists, so it never has a complete file with other content. Throws what the last try failed with.
 */
export async function copyFile(transfer: Transfer): Promise<void> {
  const { to, container, file, digest, signal } = transfer;
  for (let tried = 0; ; tried += 1) {
    const failure = await attempt(transfer);
    if (failure === undefined) return;
    if (signal.aborted || !(failure instanceof ApiError)) throw failure;
    // A lost answer, or another copy of the same file.
    const isUnclear = passing.has(failure.code) || failure.code === 'conflict';
    if (isUnclear && (await to.find(container, file.name).catch(() => undefined))?.sha256 === digest.sha256) return;
    const wait = pauses[tried];
    if (!passing.has(failure.code) || wait === undefined) throw failure;
    await pause(wait, undefined, { signal }).catch(() => undefined);
  }
}

/** One try: nothing, or what went wrong, on whichever side it did. */
async function attempt({ from, to, container, file, digest, replaces, progress }: Transfer): Promise<unknown> {
  let failure: unknown;
  const noting = (thrown: unknown): never => {
    failure = thrown;
    throw thrown;
  };
  const open = (): AsyncIterable<Uint8Array> => {
    const download = (receive: Receive): Promise<void> => from.download(container, file.name, receive).catch(noting);
    return checked(pulled(download), { digest, progress, noting });
  };
  try {
    await to.upload(container, { content: { size: digest.size, open }, sha256: digest.sha256, file, replaces });
    return undefined;
  } catch (thrown) {
    return failure ?? thrown;
  }
}

type Receive = (body: AsyncIterable<Uint8Array>) => Promise<void>;

/** What a download pushes, for a reader that pulls. */
async function* pulled(download: (receive: Receive) => Promise<void>): AsyncIterable<Uint8Array> {
  const through = new PassThrough();
  const done = download((body) => pipeline(body, through)).catch((thrown: unknown) => void through.destroy(thrown as Error));
  try {
    yield* through as AsyncIterable<Uint8Array>;
  } finally {
    through.destroy();
    await done;
  }
}

interface Checking extends Pick<Transfer, 'digest' | 'progress'> {
  noting(thrown: unknown): never;
}

/** The same bytes, the last of them only if all have the digest. */
async function* checked(chunks: AsyncIterable<Uint8Array>, { digest, progress, noting }: Checking): AsyncIterable<Uint8Array> {
  const hash = createHash('sha256');
  let size = 0;
  let held: Uint8Array | undefined;
  for await (const chunk of chunks) {
    hash.update(chunk);
    size += chunk.length;
    progress(chunk.length);
    if (held) yield held;
    held = chunk;
  }
  const sha256 = hash.digest('hex');
  if (sha256 !== digest.sha256 || size !== digest.size)
    noting(
      new WrongContent(
        `the source lists ${digest.size} bytes with the SHA-256 ${digest.sha256}, but sends ${size} bytes with ${sha256}; it is damaged, or was replaced at this moment`,
      ),
    );
  if (held) yield held;
}
