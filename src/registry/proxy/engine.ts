import { HttpError, reasonOf } from '../errors';
import { type Format, type Mutability } from '../formats/format';
import { formatOf } from '../formats';
import { type Logger } from '../logger';
import { type Blob } from '../store/blobs';
import { type Remote } from '../store/repositories';
import { type Store } from '../store/store';
import { type ArtifactRow } from '../store/tables';
import { type ArtifactKey } from '../store/artifacts';
import { decide } from './access';
import { meaningfulHeaders } from './answer-headers';
import { Download } from './download';
import { type Upstream, type UpstreamAnswer, UpstreamNetworkError } from './upstream';

/** What a client wants from a remote. */
export interface Wanted {
  readonly remote: Remote;
  /** The decoded path, for patterns and the cache. */
  readonly path: string;
  /** Path and query as the client wrote them, for the upstream. */
  readonly rawPath: string;
  /** The query with its question mark, or nothing. */
  readonly query: string;
  readonly accept: string;
}

/** A stored object, or one that is arriving. */
export type Found = { readonly key: ArtifactKey; readonly source: 'remote' | 'cache' } & (
  { readonly row: ArtifactRow } | { readonly download: Download }
);

type Outcome = { readonly row: ArtifactRow } | { readonly download: Download };

/** What the engine works with. */
export interface EngineParts {
  readonly store: Store;
  readonly upstream: Upstream;
  readonly logger: Logger;
  /** Told when an object has been stored. */
  readonly onCached: (key: ArtifactKey, blob: Blob) => void;
}

/** Answers from the cache where it may, from the upstream where it must; simultaneous requests share one fetch. */
export class Engine {
  readonly #running = new Map<string, Promise<Outcome>>();

  constructor(private readonly parts: EngineParts) {}

  /** Finds an object; throws an `HttpError` when it is refused or not to be had. */
  async get(wanted: Wanted): Promise<Found> {
    const { key, mutability } = this.#admit(wanted);
    const id = flightOf(key, wanted.remote);
    const running = this.#running.get(id);
    const promise = running ?? this.#resolve(wanted, key, mutability);
    if (!running) this.#track(id, promise);
    const outcome = await promise;
    if ('download' in outcome) return { key, source: running ? 'cache' : 'remote', download: outcome.download };
    return { key, source: 'cache', row: outcome.row };
  }

  /** Looks at an object without fetching its body: the stored row, or the upstream's headers. */
  async head(wanted: Wanted): Promise<{ readonly row: ArtifactRow } | { readonly answer: UpstreamAnswer }> {
    const { key, mutability } = this.#admit(wanted);
    const running = await this.#running.get(flightOf(key, wanted.remote));
    if (running) return 'row' in running ? running : { answer: running.download.answer };
    const row = await this.#stored(key);
    if (row && isFresh(row, wanted.remote, mutability)) return { row };
    try {
      const answer = await this.parts.upstream.send({ ...wanted, url: urlOf(wanted), method: 'HEAD' });
      answer.body.resume();
      refuse(wanted, answer);
      return { answer };
    } catch (cause) {
      if (row && cause instanceof UpstreamNetworkError) return { row };
      throw cause;
    }
  }

  #admit(wanted: Wanted): { key: ArtifactKey; mutability: Mutability } {
    const { remote, path, query, accept } = wanted;
    const format: Format = formatOf(remote.package_type);
    const decision = decide(remote, format, path);
    if ('denied' in decision) throw new HttpError(403, decision.denied);
    const key = { remote: remote.name, path: path + query, variant: format.variant?.(path, accept) ?? '' };
    return { key, mutability: decision.mutability };
  }

  /** Keeps an outcome for others to join until the object can be found in the store. */
  #track(id: string, promise: Promise<Outcome>): void {
    this.#running.set(id, promise);
    const end = () => this.#running.delete(id);
    promise.then((outcome) => ('download' in outcome ? outcome.download.done.then(end, end) : end()), end);
  }

  async #resolve(wanted: Wanted, key: ArtifactKey, mutability: Mutability): Promise<Outcome> {
    const row = await this.#stored(key);
    if (row && isFresh(row, wanted.remote, mutability)) return { row };
    try {
      return await this.#fetch(wanted, key, row);
    } catch (cause) {
      if (!row || !(cause instanceof UpstreamNetworkError)) throw cause;
      this.parts.logger.warn('serving a stale copy', { remote: key.remote, path: key.path, reason: reasonOf(cause) });
      return { row };
    }
  }

  async #fetch(wanted: Wanted, key: ArtifactKey, row: ArtifactRow | undefined): Promise<Outcome> {
    const validators = row && { etag: row.etag, lastModified: row.last_modified };
    const answer = await this.parts.upstream.send({ ...wanted, ...validators, url: urlOf(wanted), method: 'GET' });
    if (answer.status === 304 && row) {
      answer.body.resume();
      await this.parts.store.artifacts.validated(key, new Date().toISOString());
      return { row };
    }
    try {
      refuse(wanted, answer);
    } catch (cause) {
      answer.body.resume();
      throw cause;
    }
    const writer = await this.parts.store.blobs.begin().catch((cause: unknown) => {
      answer.body.destroy();
      throw cause;
    });
    return { download: new Download(answer, writer, (blob) => this.#note({ wanted, key, answer, blob })) };
  }

  /** Notes a stored blob, unless the remote has meanwhile gone or got another upstream. */
  async #note({ wanted, key, answer, blob }: { wanted: Wanted; key: ArtifactKey; answer: UpstreamAnswer; blob: Blob }): Promise<void> {
    const { store, logger, onCached } = this.parts;
    const now = new Date().toISOString();
    const content = {
      content_type: answer.header('content-type') || 'application/octet-stream',
      content_encoding: answer.header('content-encoding'),
      etag: answer.header('etag'),
      last_modified: answer.header('last-modified'),
      status: answer.status,
      url: answer.url,
      headers: JSON.stringify(meaningfulHeaders(answer, formatOf(wanted.remote.package_type))),
    };
    try {
      const remote = await store.repositories.remote(key.remote);
      if (remote?.base_url !== wanted.remote.base_url || remote.package_type !== wanted.remote.package_type) return;
      await store.artifacts.put({ ...key, ...blob, ...content, created_at: now, validated_at: now, accessed_at: now });
      onCached(key, blob);
    } catch (cause) {
      logger.warn('a fetched object could not be noted', { ...key, reason: reasonOf(cause) });
    }
  }

  async #stored(key: ArtifactKey): Promise<ArtifactRow | undefined> {
    const row = await this.parts.store.artifacts.find(key);
    return row && (await this.parts.store.blobs.has(row)) ? row : undefined;
  }
}

/** Where a remote's upstream is asked for something. */
export function urlOf({ remote, rawPath }: Pick<Wanted, 'remote' | 'rawPath'>): string {
  return new URL(`${remote.base_url.replace(/\/+$/, '')}/${rawPath}`).href;
}

/** Names a fetch that others may join; a remote that was changed meanwhile begins anew. */
function flightOf(key: ArtifactKey, remote: Remote): string {
  return JSON.stringify([key, remote.updated_at]);
}

function isFresh(row: ArtifactRow, remote: Remote, mutability: Mutability): boolean {
  const ttl = mutability === 'immutable' ? remote.immutable_ttl : remote.mutable_ttl;
  if (mutability === 'immutable' && ttl === 0) return true;
  return Date.now() - Date.parse(row.validated_at) < ttl * 1000;
}

/** Turns an upstream's refusal into ours: what concerns the request passes through, what is the upstream's own fault is a 502. */
function refuse({ remote }: Wanted, answer: UpstreamAnswer): void {
  const { status } = answer;
  if (status === 200 || status === 203) return;
  const passed = status >= 400 && status < 500 ? status : 502;
  throw new HttpError(passed, `upstream of remote ${JSON.stringify(remote.name)} answered ${status}`);
}
