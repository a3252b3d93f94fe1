import { globOf } from '../../common/glob';
import { DeniedError, reasonOf } from '../errors';
import { formatOf } from '../formats';
import { type Digest, digestListed, type Digests } from '../formats/digests';
import { enabledCapability } from '../formats/format';
import { type Lister } from '../formats/told';
import { type Logger } from '../logger';
import { type ArtifactKey } from '../store/artifacts';
import { Recent } from '../store/recent';
import { type Store } from '../store/store';
import { admit, type Admitted, type RemoteRequest } from './admission';
import { type Expected } from './arrival';
import { collect, identify } from './collect';
import { type BlobDigests } from './digest';
import { type Found } from './engine';

/** How many bytes of digests are remembered, and how many an index counts beside its own. */
const KEPT = 32 << 20;
const EMPTY = 1000;
const NOTHING: Digests = '';

/** What listings are read from. */
export interface ListingsParts {
  readonly store: Store;
  readonly logger: Logger;
  readonly strict?: boolean;
  readonly unverified?: readonly string[] | undefined;
  readonly digests: BlobDigests;
  /** Asks the upstream for an index where the copy at hand has expired. */
  get(index: RemoteRequest): Promise<Found>;
}

/**
 * The digests that indexes list of files below the upstream. Clients have nearly always read an index before they ask for a file of it: only
 * copies at hand are looked at, and upstreams are not asked for any. Each is read once, by the hash of its content.
 */
export class Listings {
  readonly #known = new Recent<Promise<Digests>>(KEPT);
  readonly #unverified: readonly RegExp[];

  constructor(private readonly parts: ListingsParts) {
    this.#unverified = (parts.unverified ?? []).flatMap((glob) => (glob.includes('/') ? [glob, `${glob}/*`] : [glob])).map(globOf);
  }

  /** Begins to look for the digest of a file. */
  of(admitted: Admitted): Expected {
    const found = this.#find(admitted);
    return {
      digest: found.then((file) => file?.digest),
      renewed: async () => {
        const file = await found;
        if (file) await this.#renew(file.index);
        return (await this.#find(admitted))?.digest;
      },
      advice: `if the index is wrong and the file is not, start the registry with --unverified ${repositoryOf(admitted.wanted.remote.name)}`,
    };
  }

  /** Compares what is cached of the one file that an index is of, which has just arrived; a copy that differs is thrown away. */
  async compare(index: RemoteRequest): Promise<void> {
    const path = index.query === '' ? this.#listerFor(index)?.of?.(index.path) : undefined;
    if (path === undefined) return;
    const file = { ...index, path };
    try {
      const { artifacts } = this.parts.store;
      const row = await artifacts.find(admit(file).key);
      const digest = row?.content_encoding === '' ? await this.#digestIn(index, path) : undefined;
      if (!row || !digest || (await this.parts.digests.fits(row, digest))) return;
      await artifacts.evict(row.remote, row.path);
      this.parts.logger.warn('a cached file did not match its checksum and was removed', {
        remote: row.remote,
        path,
        expected: digest.hex,
      });
    } catch (cause) {
      this.#warn(file, cause);
    }
  }

  /** What cannot be read tells nothing. */
  async #find({ wanted }: Admitted) {
    try {
      return await this.#first(wanted);
    } catch (cause) {
      this.#warn(wanted, cause);
      return undefined;
    }
  }

  async #first(wanted: RemoteRequest): Promise<{ digest: Digest; index: RemoteRequest } | undefined> {
    const indexes = wanted.query === '' ? this.#listerFor(wanted)?.by(wanted.path) : undefined;
    for (const { path, accept = '' } of indexes ?? []) {
      const index = { ...wanted, path, accept };
      const digest = await this.#digestIn(index, wanted.path);
      if (digest) return { digest, index };
    }
    return undefined;
  }

  async #renew(index: RemoteRequest): Promise<void> {
    try {
      await this.parts.store.artifacts.expire(index.remote.name, [index.path]);
      await identify(index, await this.parts.get(index));
    } catch (cause) {
      this.#warn(index, cause);
    }
  }

  /** What a cached index lists of a file; undefined if it is not cached. */
  async #digestIn(index: RemoteRequest, path: string): Promise<Digest | undefined> {
    return digestListed(await this.#digestsIn(index), path);
  }

  async #digestsIn(index: RemoteRequest): Promise<Digests> {
    const key = keyOf(index);
    const row = key && (await this.parts.store.artifacts.find(key));
    if (!row) return NOTHING;
    const { package_type, base_url } = index.remote;
    const id = JSON.stringify([package_type, base_url, key.path, row.hash, row.url, row.content_type]);
    const known = this.#known.get(id);
    if (known) return known;
    const digests = this.#read(index, { row, key, source: 'cache' });
    this.#known.set(id, digests, 0);
    digests.then(
      (read) => this.#known.set(id, digests, EMPTY + id.length + read.length),
      () => this.#known.delete(id),
    );
    return digests;
  }

  /** What is no index lists nothing, however often it is asked. */
  async #read(index: RemoteRequest, found: Found): Promise<Digests> {
    const { name, base_url } = index.remote;
    const document = await collect(this.parts.store, index, found);
    try {
      const location = { name, url: '', upstream: base_url.replace(/\/*$/, '/') };
      return (await this.#listerFor(index)?.read({ ...document, location })) ?? NOTHING;
    } catch (cause) {
      this.#warn(index, cause);
      return NOTHING;
    }
  }

  #listerFor({ remote }: RemoteRequest): Lister | undefined {
    if (this.#unverified.some((glob) => glob.test(remote.name))) return undefined;
    return enabledCapability(formatOf(remote.package_type).listed, this.parts.strict ?? false);
  }

  #warn({ remote, path }: RemoteRequest, cause: unknown): void {
    this.parts.logger.warn('the digests of an index could not be read', { remote: remote.name, path, reason: reasonOf(cause) });
  }
}

/** What a remote is called by those who may except it: a repository of a project may have several upstreams, whose names come after its own. */
function repositoryOf(remote: string): string {
  return remote.split('/').slice(0, 2).join('/');
}

/** What an index is cached under; undefined where the lists of the remote deny it, which need not deny others. */
function keyOf(index: RemoteRequest): ArtifactKey | undefined {
  try {
    return admit(index).key;
  } catch (cause) {
    if (cause instanceof DeniedError) return undefined;
    throw cause;
  }
}
