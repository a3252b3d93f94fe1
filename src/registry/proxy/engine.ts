import { createHash } from 'node:crypto';
import { reasonOf } from '../errors';
import { enabledCapability, type Told } from '../formats/format';
import { type ArtifactKey } from '../store/artifacts';
import { orStoreProblem, StoreFull } from '../store/full';
import { type ArtifactRow } from '../store/tables';
import { type Admitted, admit, asked, flightOf, isFresh, type RemoteRequest } from './admission';
import { collect } from './collect';
import { BlobDigests } from './digest';
import { accepted, Fetcher, type FetcherParts, type Known, type Outcome } from './fetcher';
import { Listings } from './listings';
import { tagOf } from './tag';
import { type UpstreamAnswer, type UpstreamRequest } from './upstream';
import { UpstreamError } from './upstream-error';

export { type RemoteRequest } from './admission';

/** How long a client waits for what another process fetches, which it cannot follow as it arrives; less than clients wait for a first byte. */
const FETCH_PATIENCE_MS = 10_000;

/** A stored object, or one that is arriving. */
export type Found = Outcome & {
  readonly key: ArtifactKey;
  readonly source: 'remote' | 'cache';
  /** Why the upstream could not confirm the copy that is answered with. */
  readonly stale?: string | undefined;
};

/** Whether the copy at hand may be answered with, and what another document tells about it; `stale` as for what is found. */
interface Judgement {
  readonly mayServe: boolean;
  /** The copy at hand, unless it is not what that document tells. */
  readonly row: ArtifactRow | undefined;
  readonly told?: Told | undefined;
  readonly stale?: string | undefined;
}

/** What the engine works with. */
export interface EngineParts extends FetcherParts {
  /** Whether to behave only as a real server does. */
  readonly strict?: boolean;
  /** Remotes whose files are not compared with the digests that their indexes list, as globs. @default - none */
  readonly unverified?: readonly string[] | undefined;
}

/** Serves from the cache where possible, else from the upstream; simultaneous requests share one fetch. */
export class Engine {
  readonly #running = new Map<string, Promise<Outcome>>();

  readonly #digests: BlobDigests;
  readonly #fetcher: Fetcher;

  constructor(private readonly parts: EngineParts) {
    this.#digests = new BlobDigests(parts.store.blobs);
    const listings = new Listings({ ...parts, digests: this.#digests, get: (index) => this.get(index) });
    this.#fetcher = new Fetcher(parts, {
      listed: (admitted) => listings.of(admitted),
      arrived: (index) => listings.compare(index),
      retold: async (admitted) => (await this.#retold(admitted))?.digest,
    });
  }

  /** Finds an object; throws an `HttpError` if it is refused or unavailable. */
  async get(wanted: RemoteRequest): Promise<Found> {
    const admitted = admit(wanted);
    const { key } = admitted;
    try {
      const settled = await this.#settled(admitted);
      if (settled) return { key, source: 'cache', row: settled };
      const id = flightOf(admitted);
      const running = this.#running.get(id);
      const promise = running ?? this.#resolve(admitted);
      if (!running) this.#track(id, promise);
      const outcome = await promise;
      if ('download' in outcome) return { key, source: running ? 'cache' : 'remote', download: outcome.download };
      return { key, source: 'cache', ...outcome };
    } catch (cause) {
      return { key, source: 'cache', ...this.#copyInstead(wanted, orStoreProblem(cause)) };
    }
  }

  /** Looks at an object without fetching its body: the stored row, or the upstream's headers. */
  async head(
    wanted: RemoteRequest,
  ): Promise<
    { readonly row: ArtifactRow; readonly stale?: string | undefined } | { readonly answer: UpstreamAnswer; readonly tag: string }
  > {
    const admitted = admit(wanted);
    const running = await this.#running.get(flightOf(admitted))?.catch(() => undefined);
    if (running) return 'row' in running ? running : { answer: running.download.answer, tag: running.download.answer.tag };
    const { told, mayServe, stale, row } = await this.#judge(admitted, await this.#stored(admitted.key));
    if (row && mayServe) return { row, stale };
    try {
      const request = asked(admitted, told);
      const answer = await this.parts.upstream.send({ ...request, method: 'HEAD' });
      answer.discard();
      if (![405, 501].includes(answer.status)) return { answer: accepted(wanted, answer), tag: tagOf(answer) };
      const whole = await this.parts.upstream.send({ ...request, method: 'GET' });
      whole.body.destroy();
      return { answer: accepted(wanted, whole), tag: tagOf(whole) };
    } catch (cause) {
      return this.#copyInstead(wanted, withCopy(cause, row));
    }
  }

  /** Forwards a request with a body unchanged; the answer is not cached. */
  async forward(wanted: RemoteRequest, body: NonNullable<UpstreamRequest['body']>): Promise<UpstreamAnswer> {
    const answer = await this.parts.upstream.send({ ...asked(admit(wanted), undefined), method: 'POST', body });
    return accepted(wanted, answer);
  }

  /** Tells that the bytes of a stored object turned out to be missing, or others. */
  distrust(hash: string): void {
    this.parts.store.blobs.distrust(hash);
    this.#digests.forget(hash);
  }

  /** The copy at hand where it is better than the failure; throws the failure otherwise. */
  #copyInstead({ insists, ...wanted }: RemoteRequest, cause: unknown): { row: ArtifactRow; stale: string } {
    if (!(cause instanceof UpstreamError || cause instanceof StoreFull) || !cause.copy) throw cause;
    if (cause instanceof UpstreamError && !cause.isFailure && (!insists || cause.isAbsence)) throw cause;
    this.parts.logger.warn('serving a stale copy', { remote: wanted.remote.name, path: wanted.path, reason: reasonOf(cause) });
    return { row: cause.copy, stale: cause.message };
  }

  /** Keeps an outcome for others to join until the object can be found in the store. */
  #track(id: string, promise: Promise<Outcome>): void {
    this.#running.set(id, promise);
    const end = () => this.#running.delete(id);
    promise.then((outcome) => ('download' in outcome ? outcome.download.done.then(end, end) : end()), end);
  }

  /** A copy that may be answered with whatever anybody else says. */
  async #settled(admitted: Admitted): Promise<ArtifactRow | undefined> {
    const row = await this.#stored(admitted.key);
    return row && this.#isFresh(row, admitted) && (admitted.mutability === 'immutable' || !this.#teller(admitted)) ? row : undefined;
  }

  async #resolve(admitted: Admitted): Promise<Outcome> {
    let row = await this.#stored(admitted.key);
    try {
      const { told, mayServe, stale, row: copy } = await this.#judge(admitted, row);
      row = copy;
      if (row && mayServe) return { row, stale };
      return await this.#fetchOnce(admitted, { row, told });
    } catch (cause) {
      throw withCopy(cause, row);
    }
  }

  /** Fetches, unless another process that shares the store does: then what that has stored or confirmed is the answer. */
  async #fetchOnce(admitted: Admitted, known: Known): Promise<Outcome> {
    const lease = await this.parts.store.leases.take(leaseOf(admitted), FETCH_PATIENCE_MS);
    let outcome: Outcome | undefined;
    try {
      const row = lease.isShared ? await this.#fitting(await this.#stored(admitted.key), known.told) : known.row;
      if (row && row.validated_at !== known.row?.validated_at) return { row };
      outcome = await this.#fetch(admitted, { ...known, row });
      return outcome;
    } finally {
      if (outcome && 'download' in outcome)
        void outcome.download.done.then(
          () => lease.release(),
          () => lease.release(),
        );
      else await lease.release();
    }
  }

  #fetch(admitted: Admitted, known: Known): Promise<Outcome> {
    return this.#fetcher.fetch(admitted, known).catch((cause: unknown) => this.#fetchAnew(admitted, known, cause));
  }

  /** An address that a kept document told may have expired by now: asks that document again, and tries the address that it tells then. */
  async #fetchAnew(admitted: Admitted, { row, told }: Known, cause: unknown): Promise<Outcome> {
    const isRefused = cause instanceof UpstreamError && (cause.upstreamStatus ?? 0) >= 400 && (cause.upstreamStatus ?? 0) < 500;
    if (told?.url === undefined || !isRefused) throw cause;
    const anew = await this.#retold(admitted);
    if (anew?.url === undefined || anew.url === told.url) throw cause;
    return this.#fetcher.fetch(admitted, { row, told: anew });
  }

  /** What another document tells once the upstream has confirmed it or sent a newer one. */
  async #retold(admitted: Admitted): Promise<Told | undefined> {
    const { wanted, format } = admitted;
    const by = format.told?.by(wanted.path);
    if (by) await this.parts.store.artifacts.expire(wanted.remote.name, [by.path]);
    return (await this.#told(admitted)).told;
  }

  /** Whether the copy at hand may be answered with, and what another document tells about the object where that matters. */
  async #judge(admitted: Admitted, row: ArtifactRow | undefined): Promise<Judgement> {
    const fresh = row !== undefined && this.#isFresh(row, admitted);
    if (fresh && admitted.mutability === 'immutable') return { mayServe: true, row };
    const { told, stale } = await this.#told(admitted);
    const fitting = await this.#fitting(row, told);
    return told?.digest && fitting
      ? { mayServe: true, row, told, stale }
      : { mayServe: fresh && fitting !== undefined, row: fitting, told };
  }

  /** A copy, unless it is not what another document tells. */
  async #fitting(row: ArtifactRow | undefined, told: Told | undefined): Promise<ArtifactRow | undefined> {
    return !row || !told?.digest || (await this.#digests.fits(row, told.digest)) ? row : undefined;
  }

  #isFresh({ validated_at }: ArtifactRow, admitted: Admitted): boolean {
    return isFresh(validated_at, admitted, this.parts.store.metadata.now());
  }

  /** What tells of an object in another document, and in which one. */
  #teller({ wanted, format }: Admitted) {
    const teller = enabledCapability(format.told, this.parts.strict ?? false);
    const by = teller?.by(wanted.path);
    return teller && by && { teller, by };
  }

  async #told(admitted: Admitted): Promise<Pick<Judgement, 'told' | 'stale'>> {
    const { wanted } = admitted;
    const { teller, by } = this.#teller(admitted) ?? {};
    if (!teller || !by) return {};
    const index = { ...wanted, path: by.path, query: '', accept: by.accept ?? '' };
    const found = await this.get(index);
    const document = await collect(this.parts.store, index, found);
    const location = { name: wanted.remote.name, url: '', upstream: wanted.remote.base_url.replace(/\/*$/, '/') };
    let told: Awaited<ReturnType<typeof teller.read>>;
    try {
      told = await teller.read(wanted.path, { ...document, location });
    } catch (cause) {
      throw new UpstreamError(wanted.remote, `sent something other than ${JSON.stringify(by.path)}`, { cause });
    }
    if (told) return { told, stale: found.stale };
    throw new UpstreamError(wanted.remote, `does not list ${JSON.stringify(wanted.path)} in ${JSON.stringify(by.path)}`, { status: 404 });
  }

  async #stored(key: ArtifactKey): Promise<ArtifactRow | undefined> {
    const row = await this.parts.store.artifacts.find(key);
    return row && (await this.parts.store.blobs.has(row)) ? row : undefined;
  }
}

/** What a fetch is called among those of all processes; names have a limited length. */
function leaseOf(admitted: Admitted): string {
  return `fetch ${createHash('sha256').update(flightOf(admitted)).digest('hex')}`;
}

/** Attaches to a failure the copy that may be served in its place. */
function withCopy(thrown: unknown, row: ArtifactRow | undefined): unknown {
  const cause = orStoreProblem(thrown);
  if ((cause instanceof UpstreamError || cause instanceof StoreFull) && row) cause.copy = row;
  return cause;
}
