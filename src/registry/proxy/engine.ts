import { isUrl } from '../../common/urls';
import { DeniedError, reasonOf } from '../errors';
import { type Format, enabledCapability, type Mutability, type Told } from '../formats/format';
import { formatOf } from '../formats';
import { type Logger } from '../logger';
import { type Blob } from '../store/blobs';
import { type Remote } from '../store/repositories';
import { type Store } from '../store/store';
import { type ArtifactRow } from '../store/tables';
import { type ArtifactKey } from '../store/artifacts';
import { decide, deniedAddress, deniedSpelling } from './access';
import { meaningfulHeaders } from './answer-headers';
import { checkArrival, isPageInstead, waitsForCheck } from './arrival';
import { upstreamPath } from './canonical';
import { collect } from './collect';
import { DigestMismatch, Digests } from './digest';
import { Download } from './download';
import { tagOf } from './tag';
import { type Upstream, type UpstreamAnswer, type UpstreamRequest } from './upstream';
import { UpstreamError } from './upstream-error';

/** A client's request for an object of a remote. */
export interface RemoteRequest {
  readonly remote: Remote;
  /** The canonical path. */
  readonly path: string;
  /** The query with its question mark, or nothing. */
  readonly query: string;
  readonly accept: string;
  /** Whether a cached copy is preferred even to a refusal: a virtual must not continue as if its member had nothing. */
  readonly insists?: boolean;
}

/** A stored object, or one that is arriving. */
export type Found = Outcome & {
  readonly key: ArtifactKey;
  readonly source: 'remote' | 'cache';
  /** Why the upstream could not confirm the copy that is answered with. */
  readonly stale?: string;
};

type Outcome = { readonly row: ArtifactRow } | { readonly download: Download };

/** A request that its remote permits. */
interface Admitted {
  readonly wanted: RemoteRequest;
  readonly key: ArtifactKey;
  readonly mutability: Mutability;
  readonly format: Format;
}

/** What the engine works with. */
export interface EngineParts {
  readonly store: Store;
  readonly upstream: Upstream;
  readonly logger: Logger;
  /** Whether to behave only as a real server does. */
  readonly strict?: boolean;
  /** Called when an object has been stored. */
  readonly onCached: (key: ArtifactKey, blob: Blob) => void;
}

/** Serves from the cache where possible, else from the upstream; simultaneous requests share one fetch. */
export class Engine {
  readonly #running = new Map<string, Promise<Outcome>>();

  readonly #digests: Digests;

  constructor(private readonly parts: EngineParts) {
    this.#digests = new Digests(parts.store.blobs);
  }

  /** Finds an object; throws an `HttpError` if it is refused or unavailable. */
  async get(wanted: RemoteRequest): Promise<Found> {
    const admitted = this.#authorize(wanted);
    const { key } = admitted;
    const id = flightOf(key, wanted.remote);
    const running = this.#running.get(id);
    const promise = running ?? this.#resolve(admitted);
    if (!running) this.#track(id, promise);
    try {
      const outcome = await promise;
      if ('download' in outcome) return { key, source: running ? 'cache' : 'remote', download: outcome.download };
      return { key, source: 'cache', row: outcome.row };
    } catch (cause) {
      return { key, source: 'cache', ...this.#copyInstead(wanted, cause) };
    }
  }

  /** Looks at an object without fetching its body: the stored row, or the upstream's headers. */
  async head(wanted: RemoteRequest): Promise<{ readonly row: ArtifactRow; readonly stale?: string } | { readonly answer: UpstreamAnswer }> {
    const admitted = this.#authorize(wanted);
    const running = await this.#running.get(flightOf(admitted.key, wanted.remote))?.catch(() => undefined);
    if (running) return 'row' in running ? running : { answer: running.download.answer };
    const row = await this.#stored(admitted.key);
    const { told, isFresh } = await this.#judge(admitted, row);
    if (row && isFresh) return { row };
    try {
      const asked = this.#asked(admitted, told);
      const answer = await this.parts.upstream.send({ ...asked, method: 'HEAD' });
      answer.discard();
      if (![405, 501].includes(answer.status)) return { answer: accepted(wanted, answer) };
      const whole = await this.parts.upstream.send({ ...asked, method: 'GET' });
      whole.body.destroy();
      return { answer: accepted(wanted, whole) };
    } catch (cause) {
      return this.#copyInstead(wanted, withCopy(cause, row));
    }
  }

  /** Forwards a request with a body unchanged; the answer is not cached. */
  async forward(wanted: RemoteRequest, body: NonNullable<UpstreamRequest['body']>): Promise<UpstreamAnswer> {
    const answer = await this.parts.upstream.send({ ...this.#asked(this.#authorize(wanted), undefined), method: 'POST', body });
    return accepted(wanted, answer);
  }

  #authorize(wanted: RemoteRequest): Admitted {
    const { remote, path, query, accept } = wanted;
    const format: Format = formatOf(remote.package_type);
    const decision = decide(remote, format, path);
    const denied = 'denied' in decision ? decision.denied : deniedSpelling(remote, wanted);
    if (denied !== undefined || 'denied' in decision) throw new DeniedError(denied ?? '');
    const key = { remote: remote.name, path: path + query, variant: format.variant?.(path, accept) ?? '' };
    return { wanted, key, mutability: decision.mutability, format };
  }

  /** The copy at hand where it is better than the failure; throws the failure otherwise. */
  #copyInstead({ insists, ...wanted }: RemoteRequest, cause: unknown): { row: ArtifactRow; stale: string } {
    if (!(cause instanceof UpstreamError) || !cause.copy) throw cause;
    if (!cause.isFailure && (!insists || cause.isAbsence)) throw cause;
    this.parts.logger.warn('serving a stale copy', { remote: wanted.remote.name, path: wanted.path, reason: reasonOf(cause) });
    return { row: cause.copy, stale: cause.message };
  }

  /** Keeps an outcome for others to join until the object can be found in the store. */
  #track(id: string, promise: Promise<Outcome>): void {
    this.#running.set(id, promise);
    const end = () => this.#running.delete(id);
    promise.then((outcome) => ('download' in outcome ? outcome.download.done.then(end, end) : end()), end);
  }

  async #resolve(admitted: Admitted): Promise<Outcome> {
    const row = await this.#stored(admitted.key);
    try {
      const { told, isFresh } = await this.#judge(admitted, row);
      if (row && isFresh) return { row };
      return await this.#fetch(admitted, { row, told }).catch((cause: unknown) => this.#fetchAnew(admitted, { row, told, cause }));
    } catch (cause) {
      throw withCopy(cause, row);
    }
  }

  /** An address that a kept document told may have expired by now: asks that document again, and tries the address that it tells then. */
  async #fetchAnew(admitted: Admitted, { row, told, cause }: Failed): Promise<Outcome> {
    const { wanted, format } = admitted;
    const by = format.told?.by(wanted.path);
    const isRefused = cause instanceof UpstreamError && (cause.upstreamStatus ?? 0) >= 400 && (cause.upstreamStatus ?? 0) < 500;
    if (told?.url === undefined || !by || !isRefused) throw cause;
    await this.parts.store.artifacts.expire(wanted.remote.name, [by.path]);
    const anew = await this.#told(admitted);
    if (anew?.url === undefined || anew.url === told.url) throw cause;
    return this.#fetch(admitted, { row, told: anew });
  }

  /** Whether the copy at hand may be answered with, and what another document tells about the object where that matters. */
  async #judge(admitted: Admitted, row: ArtifactRow | undefined): Promise<{ isFresh: boolean; told?: Told }> {
    const { wanted, mutability } = admitted;
    const fresh = row !== undefined && isFresh(row, wanted.remote, mutability);
    if (fresh && mutability === 'immutable') return { isFresh: true };
    const told = await this.#told(admitted);
    if (told?.digest && row) return { isFresh: await this.#digests.fits(row, told.digest), told };
    return { isFresh: fresh, ...(told && { told }) };
  }

  async #told({ wanted, format }: Admitted): Promise<Told | undefined> {
    const teller = enabledCapability(format.told, this.parts.strict ?? false);
    const by = teller?.by(wanted.path);
    if (!teller || !by) return undefined;
    const index = { ...wanted, path: by.path, query: '', accept: by.accept ?? '' };
    const document = await collect(this.parts.store, index, await this.get(index));
    const location = { name: wanted.remote.name, url: '', upstream: wanted.remote.base_url.replace(/\/*$/, '/') };
    const told = await teller.read(wanted.path, { ...document, location });
    if (told) return told;
    throw new UpstreamError(wanted.remote, `does not list ${JSON.stringify(wanted.path)} in ${JSON.stringify(by.path)}`, { status: 404 });
  }

  async #fetch(admitted: Admitted, { row, told }: { row?: ArtifactRow | undefined; told?: Told | undefined }): Promise<Outcome> {
    const { wanted, key } = admitted;
    const { store } = this.parts;
    const validators = row && { etag: row.etag, lastModified: row.last_modified };
    const answer = await this.parts.upstream.send({ ...this.#asked(admitted, told), ...validators, method: 'GET' });
    if (answer.status === 304 && row) {
      answer.discard();
      await store.artifacts.validated(key, new Date().toISOString());
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
    if (waitsForCheck(arriving) || isPageInstead(arriving, await download.start()) || download.hasFailed) await download.done;
    return { download };
  }

  #asked({ wanted, format }: Admitted, told: Told | undefined): Omit<UpstreamRequest, 'method'> {
    const { remote, accept } = wanted;
    const admit = (url: URL) => {
      const denied = deniedAddress(remote, format, url);
      if (denied !== undefined) throw new DeniedError(denied);
    };
    const url = told?.url ?? urlOf(wanted);
    if (!/^https?:/i.test(url) || !isUrl(url)) throw new UpstreamError(remote, 'has an address that is not an http or https URL');
    if (told?.url !== undefined) admit(new URL(url));
    return { remote, accept, url, admit };
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
    const now = new Date().toISOString();
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
      onCached(key, blob);
    } catch (cause) {
      logger.warn('a fetched object could not be recorded', { ...key, reason: reasonOf(cause) });
    }
  }

  async #stored(key: ArtifactKey): Promise<ArtifactRow | undefined> {
    const row = await this.parts.store.artifacts.find(key);
    return row && (await this.parts.store.blobs.has(row)) ? row : undefined;
  }
}

/** A fetch that failed. */
interface Failed {
  readonly row: ArtifactRow | undefined;
  readonly told: Told | undefined;
  readonly cause: unknown;
}

interface Arrived {
  readonly answer: UpstreamAnswer & { readonly tag: string };
  readonly blob: Blob;
  readonly row: ArtifactRow | undefined;
}

/** The upstream URL of a request. */
export function urlOf({ remote, path, query }: Pick<RemoteRequest, 'remote' | 'path' | 'query'>): string {
  return `${remote.base_url.replace(/\/+$/, '')}/${upstreamPath(path, formatOf(remote.package_type))}${query}`;
}

/** Identifies a fetch that other requests can join; a changed remote starts a new one. */
function flightOf(key: ArtifactKey, remote: Remote): string {
  return JSON.stringify([key, remote.updated_at]);
}

function isFresh(row: ArtifactRow, remote: Remote, mutability: Mutability): boolean {
  const ttl = mutability === 'immutable' ? remote.immutable_ttl : remote.mutable_ttl;
  if (mutability === 'immutable' && ttl === 0) return true;
  return Date.now() - Date.parse(row.validated_at) < ttl * 1000;
}

/** Passes successful answers; any other becomes an error, its body discarded. */
function accepted({ remote }: RemoteRequest, answer: UpstreamAnswer): UpstreamAnswer {
  const { status } = answer;
  if (status === 200 || status === 203 || status === 204) return answer;
  answer.discard();
  const what = status === 401 ? 'answered 401: it refuses the username and password of the remote' : `answered ${status}`;
  throw new UpstreamError(remote, what, { status, retryAfter: answer.header('retry-after') });
}

/** Attaches to a failure the copy that may be served in its place. */
function withCopy(cause: unknown, row: ArtifactRow | undefined): unknown {
  if (cause instanceof UpstreamError && row) cause.copy = row;
  return cause;
}
