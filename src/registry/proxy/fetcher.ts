import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '../errors';
import { type Digest } from '../formats/digests';
import { type Told } from '../formats/format';
import { type Logger } from '../logger';
import { type Blob } from '../store/blobs';
import { type Remote } from '../store/repositories';
import { type Store } from '../store/store';
import { type ArtifactRow } from '../store/tables';
import { type Admitted, asked, type RemoteRequest } from './admission';
import { meaningfulHeaders } from './answer-headers';
import { loginOf } from './bearer';
import { type Arriving, checkArrival, type Expected, isPageInstead, waitsForCheck } from './arrival';
import { DigestMismatch } from './digest';
import { Download } from './download';
import { tagOf } from './tag';
import { type Upstream, type UpstreamAnswer } from './upstream';
import { UpstreamError } from './upstream-error';

/** A stored object, or one that is arriving. */
export type Outcome =
  | {
      readonly row: ArtifactRow;
      /** Why the upstream could not confirm the copy. */
      readonly stale?: string | undefined;
    }
  | { readonly download: Download };

/** What is known of an object before it is fetched: the copy at hand, and what another document tells. */
export interface Known {
  readonly row?: ArtifactRow | undefined;
  readonly told?: Told | undefined;
}

/** What fetching works with. */
export interface FetcherParts {
  readonly store: Store;
  readonly upstream: Upstream;
  readonly logger: Logger;
  /** Called when an object has been stored. */
  readonly onCached: (remote: Remote, path: string, blob: Blob) => void;
}

/** Other documents that say what a body must hash to. */
export interface DigestSources {
  /** What an index lists of it. */
  listed(admitted: Admitted): Expected;
  /** What a document says that told its address and its digest, once the upstream has confirmed it or sent a newer one. */
  retold(admitted: Admitted): Promise<Digest | undefined>;
  /** Compares what is cached with an index that is new or has changed. */
  arrived(index: RemoteRequest): Promise<void>;
}

/**
 * The largest file, in bytes, that is awaited whole, and how long: one that is wrong or cannot be stored is then an error, or the copy from
 * before, and not an answer that breaks off.
 */
const SMALL = 1 << 20;
const PATIENCE_MS = 5_000;

/** Fetches objects from upstreams into the store. */
export class Fetcher {
  constructor(
    private readonly parts: FetcherParts,
    private readonly sources: DigestSources,
  ) {}

  /** Begins to fetch an object, or confirms the copy at hand. */
  async fetch(admitted: Admitted, { row, told }: Known): Promise<Outcome> {
    const { wanted, key } = admitted;
    const { store, upstream } = this.parts;
    const validators = row && { etag: row.etag, lastModified: row.last_modified };
    const answer = await upstream.send({ ...asked(admitted, told), ...validators, method: 'GET' });
    if (answer.status === 304 && row) {
      answer.discard();
      await store.artifacts.validated(key, new Date(store.metadata.now()).toISOString());
      return { row };
    }
    accepted(wanted, answer);
    const writer = await store.blobs.begin().catch((cause: unknown) => {
      answer.body.destroy();
      throw cause;
    });
    const tagged = { ...answer, tag: tagOf(answer) };
    const arriving = { wanted, answer, told, expected: this.#expected(admitted, { answer, told }) };
    const download = new Download(tagged, writer, {
      remote: wanted.remote,
      check: (whole) => checkArrival(arriving, whole).catch((cause: unknown) => this.#unfit(admitted, cause)),
      record: (blob) => this.#record(admitted, { answer: tagged, blob, row }),
      stored: (blob, range) => store.blobs.read(blob.hash, range),
    });
    // Its clients only see that it ends too soon.
    download.done.catch((cause: unknown) => this.parts.logger.warn('a fetched object was not kept', { ...key, reason: reasonOf(cause) }));
    if (waitsForCheck(arriving) || isPageInstead(arriving, await download.start()) || download.hasFailed) await download.done;
    else await waitFor(arriving, download, row);
    return { download };
  }

  /** What a body must hash to: as a document tells that also gives its address, as its path says, or as an index lists. */
  #expected(admitted: Admitted, { answer, told }: Pick<Arriving, 'answer' | 'told'>): Expected {
    if (told?.url !== undefined) return { digest: told.digest, renewed: () => this.sources.retold(admitted) };
    const digest = told?.digest ?? admitted.format.digest?.(admitted.wanted.path);
    // Indexes list the digests of files as they are, not of what an upstream has encoded, which it does unasked.
    const isPlain = ['', 'identity'].includes(answer.header('content-encoding').toLowerCase());
    return told || digest || !isPlain ? { digest } : this.sources.listed(admitted);
  }

  /** A wrong body is the upstream's fault, and the document that gave its hash may be out of date. */
  async #unfit({ wanted, key, format }: Admitted, cause: unknown): Promise<never> {
    const teller = cause instanceof DigestMismatch ? format.told?.by(wanted.path) : undefined;
    if (teller) await this.parts.store.artifacts.expire(key.remote, [teller.path]);
    throw new UpstreamError(wanted.remote, `sent something other than ${JSON.stringify(wanted.path)}`, { cause });
  }

  /** Records a stored blob, unless the remote has been deleted or changed its upstream meanwhile, or the copy was evicted. */
  async #record({ wanted, key, format }: Admitted, { answer, blob, row }: Arrived): Promise<void> {
    const { store, logger, onCached } = this.parts;
    const now = new Date(store.metadata.now()).toISOString();
    const content = {
      content_type: answer.header('content-type') || 'application/octet-stream',
      content_encoding: answer.header('content-encoding'),
      etag: answer.header('etag'),
      last_modified: answer.header('last-modified'),
      status: answer.status,
      url: answer.url,
      tag: row?.hash === blob.hash && row.tag ? row.tag : answer.tag,
      headers: JSON.stringify(meaningfulHeaders(answer, format)),
    };
    try {
      const object = { ...key, ...blob, ...content, created_at: now, validated_at: now, accessed_at: now };
      if (!(await store.artifacts.put(wanted.remote, object, { replaces: row !== undefined }))) return;
      const others = row?.hash === blob.hash ? [] : (format.set?.(wanted.path) ?? []).filter((path) => path !== wanted.path);
      if (others.length > 0) await store.artifacts.expire(key.remote, others);
      if (row?.hash !== blob.hash) await this.sources.arrived(wanted);
      onCached(wanted.remote, key.path, blob);
    } catch (cause) {
      logger.warn('a fetched object could not be recorded', { ...key, reason: reasonOf(cause) });
    }
  }
}

/** Waits for a small file that is to be compared with its digest or has a copy, unless it takes too long, or to read the index does. */
async function waitFor({ answer, expected }: Arriving, download: Download, row: ArtifactRow | undefined): Promise<void> {
  if ((answer.length ?? 0) > SMALL) return;
  const patience = new AbortController();
  const late = sleep(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined);
  const checked = async () => (row !== undefined || (await expected.digest)) && download.beyond(SMALL);
  await Promise.race([checked(), late]).finally(() => patience.abort());
}

interface Arrived {
  readonly answer: UpstreamAnswer & { readonly tag: string };
  readonly blob: Blob;
  readonly row: ArtifactRow | undefined;
}

/** Passes successful answers; any other becomes an error, its body discarded. */
export function accepted({ remote }: RemoteRequest, answer: UpstreamAnswer): UpstreamAnswer {
  const { status } = answer;
  if (status === 200 || status === 203 || status === 204) return answer;
  answer.discard();
  const what = status === 401 ? `answered 401: it refuses ${loginOf(remote)}` : `answered ${status}`;
  throw new UpstreamError(remote, what, { status, retryAfter: answer.header('retry-after') });
}
