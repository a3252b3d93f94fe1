import { reasonOf } from '../errors';
import { type Told } from '../formats/format';
import { type Logger } from '../logger';
import { type Blob } from '../store/blobs';
import { type Remote } from '../store/repositories';
import { type Store } from '../store/store';
import { type ArtifactRow } from '../store/tables';
import { type Admitted, asked, type RemoteRequest } from './admission';
import { meaningfulHeaders } from './answer-headers';
import { loginOf } from './bearer';
import { checkArrival, isPageInstead, waitsForCheck } from './arrival';
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

/** Fetches objects from upstreams into the store. */
export class Fetcher {
  constructor(private readonly parts: FetcherParts) {}

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
    const arriving = { wanted, answer, told };
    const download = new Download(tagged, writer, {
      remote: wanted.remote,
      check: (whole) => checkArrival(arriving, whole).catch((cause: unknown) => this.#unfit(admitted, cause)),
      record: (blob) => this.#record(admitted, { answer: tagged, blob, row }),
      stored: (blob, range) => store.blobs.read(blob.hash, range),
    });
    // Its clients only see that it ends too soon.
    download.done.catch((cause: unknown) =>
      this.parts.logger.warn('a fetched object could not be kept', { ...key, reason: reasonOf(cause) }),
    );
    if (waitsForCheck(arriving) || isPageInstead(arriving, await download.start()) || download.hasFailed) await download.done;
    return { download };
  }

  /** A wrong body is the upstream's fault, and the document that gave its hash may be out of date. */
  async #unfit({ wanted, key, format }: Admitted, cause: unknown): Promise<never> {
    const teller = cause instanceof DigestMismatch ? format.told?.by(wanted.path) : undefined;
    if (teller) await this.parts.store.artifacts.expire(key.remote, [teller.path]);
    throw new UpstreamError(wanted.remote, `sent something other than ${JSON.stringify(wanted.path)}`, { cause });
  }

  /** Records a stored blob, unless the remote has been deleted or changed its upstream meanwhile. */
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
      if (!(await store.artifacts.put(wanted.remote, object))) return;
      const others = row?.hash === blob.hash ? [] : (format.set?.(wanted.path) ?? []).filter((path) => path !== wanted.path);
      if (others.length > 0) await store.artifacts.expire(key.remote, others);
      onCached(wanted.remote, key.path, blob);
    } catch (cause) {
      logger.warn('a fetched object could not be recorded', { ...key, reason: reasonOf(cause) });
    }
  }
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
