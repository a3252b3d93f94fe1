import { StoreFull } from './full';
import { type MetadataStore } from './metadata';
import { type Tables } from './tables';

/**
 * Limits in bytes, by what they limit: `artifactapi` or `bkrepo` for all that is uploaded there, `artifactapi/<local repository>` and
 * `bkrepo/<project>`, `artifactapi/*` and `bkrepo/*` for each that has none of its own.
 */
export type QuotaSettings = Readonly<Record<string, number>>;

/** How much may be uploaded where. */
export class Quotas {
  constructor(private readonly settings: QuotaSettings = {}) {}

  /** The limit of a part of a backend, such as a repository. */
  ofPart(backend: string, part: string): number | undefined {
    return this.settings[`${backend}/${part}`] ?? this.settings[`${backend}/*`];
  }

  /** The limit of a backend. */
  ofBackend(backend: string): number | undefined {
    return this.settings[backend];
  }

  /** Throws if a local repository of ArtifactAPI, or all of them, have more than they may, inside the transaction that has added to them. */
  async checkLocal(inside: MetadataStore, repo: string): Promise<void> {
    for (const { limit, used, refusal } of await this.#local(inside, repo)) if (used > limit) throw refusal;
  }

  /** Content for a local repository of ArtifactAPI; it is refused as soon as it is more than there is room for. */
  async *limited(metadata: MetadataStore, repo: string, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    const limits = await this.#local(metadata, repo);
    let size = 0;
    for await (const chunk of content) {
      size += chunk.length;
      for (const { limit, used, refusal } of limits) if (used + size > limit) throw refusal;
      yield chunk;
    }
  }

  async #local(metadata: MetadataStore, repo: string) {
    const [part, backend] = [this.ofPart('artifactapi', repo), this.ofBackend('artifactapi')];
    return [
      ...(part === undefined ? [] : [limitOf(part, await localBytes(metadata, repo), `repository ${JSON.stringify(repo)}`)]),
      ...(backend === undefined ? [] : [limitOf(backend, await localBytes(metadata), 'all local repositories')]),
    ];
  }
}

function limitOf(limit: number, used: number, what: string) {
  return { limit, used, refusal: new StoreFull(overQuota(what, limit)) };
}

/** The text of a refusal. */
export function overQuota(what: string, limit: number): string {
  return `the quota of ${what} is ${sizeText(limit)}, which this would exceed; delete what is not needed`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** A number of bytes for people. */
export function sizeText(bytes: number): string {
  const power = bytes > 0 ? Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3)) : 0;
  return `${Number((bytes / 1000 ** power).toFixed(2))} ${UNITS[power]}`;
}

/** The bytes of the files of one local repository, or of all. */
async function localBytes(metadata: MetadataStore, repo?: string): Promise<number> {
  const query = metadata
    .tables<Tables>()
    .selectFrom('file_revisions')
    .select(({ fn }) => fn.sum<number>('bytes').as('bytes'));
  const { bytes } = await (repo === undefined ? query : query.where('repo', '=', repo)).executeTakeFirstOrThrow();
  return Number(bytes ?? 0);
}
