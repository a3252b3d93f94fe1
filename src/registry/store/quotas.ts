import { nearest } from '../../common/nearest';
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

  /** What whoever has set limits should know: which are of something that is not there. */
  async notes(backend: string, find: () => Promise<Limited>): Promise<readonly string[]> {
    const keys = Object.keys(this.settings).filter((key) => key.startsWith(`${backend}/`) && key !== `${backend}/*`);
    if (keys.length === 0) return [];
    const { kind, names, others = [] } = await find();
    return keys
      .map((key) => key.slice(backend.length + 1))
      .filter((part) => !names.includes(part))
      .map((part) => {
        const shown = `the quota of ${backend}/${part} limits nothing`;
        if (others.includes(part)) return `${shown}: ${JSON.stringify(part)} is not a ${kind}, and quotas limit uploads only.`;
        return `${shown} yet: there is no ${kind} ${JSON.stringify(part)}. It applies as soon as there is one.${hintOf(part, names)}`;
      });
  }

  /** Throws if a local repository of ArtifactAPI, or all of them, have more than they may, inside the transaction that has added bytes to them. */
  async checkLocal(inside: MetadataStore, repo: string, added: number): Promise<void> {
    for (const { what, limit, used } of await this.#local(inside, repo))
      if (used > limit) throw new StoreFull(overQuota(what, { limit, used: used - added, needs: sizeText(added) }));
  }

  /** Content for a local repository of ArtifactAPI; it is refused as soon as it is more than there is room for. */
  async *limited(metadata: MetadataStore, repo: string, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    const limits = await this.#local(metadata, repo);
    let size = 0;
    for await (const chunk of content) {
      size += chunk.length;
      for (const { what, limit, used } of limits)
        if (used + size > limit) throw new StoreFull(overQuota(what, { limit, used, needs: `at least ${sizeText(size)}` }));
      yield chunk;
    }
  }

  async #local(metadata: MetadataStore, repo: string) {
    const [part, backend] = [this.ofPart('artifactapi', repo), this.ofBackend('artifactapi')];
    return [
      ...(part === undefined ? [] : [{ what: `repository ${JSON.stringify(repo)}`, limit: part, used: await localBytes(metadata, repo) }]),
      ...(backend === undefined ? [] : [{ what: 'all local repositories', limit: backend, used: await localBytes(metadata) }]),
    ];
  }
}

/** What limits of a backend can be of. */
export interface Limited {
  /** What it is called. */
  readonly kind: string;
  readonly names: readonly string[];
  /** Names of what is not uploaded to. */
  readonly others?: readonly string[];
}

const SHOWN_NAMES = 10;

function hintOf(part: string, names: readonly string[]): string {
  const meant = nearest(part, names);
  if (meant !== undefined) return ` Did you mean ${JSON.stringify(meant)}?`;
  const shown = names.slice(0, SHOWN_NAMES).map((name) => JSON.stringify(name));
  return names.length === 0 ? '' : ` There are ${shown.join(', ')}${names.length > SHOWN_NAMES ? ' and others' : ''}.`;
}

/** What there is room for, what is used of it, and what something needs. */
interface Lack {
  readonly limit: number;
  readonly used: number;
  readonly needs: string;
}

/** The text of a refusal. */
export function overQuota(what: string, lack: Lack): string {
  return `the quota of ${what} would be exceeded: it is ${lackText(lack)}; delete what is not needed, or have the quota raised`;
}

/** Says how much room there is, and why that is not enough. */
export function lackText({ limit, used, needs }: Lack): string {
  return `${sizeText(limit)}, of which ${sizeText(used)} is used, and this needs ${needs}`;
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
