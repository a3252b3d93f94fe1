import { get, segment } from '../api';
import { type Entry } from '../tree';

/** A repository of any kind, with its settings as the API has them. */
export interface Repository {
  readonly name: string;
  readonly kind: 'remote' | 'local' | 'virtual';
  readonly package_type: string;
  readonly description?: string;
  readonly base_url?: string;
  readonly members?: readonly string[] | null;
  readonly settings: Readonly<Record<string, unknown>>;
}

type Listed = Readonly<Record<string, unknown>> & { readonly name: string; readonly package_type: string; readonly repo_type?: string };

/** All repositories, by name. */
export async function repositories(): Promise<readonly Repository[]> {
  const [remotes, virtuals] = await Promise.all([get<Listed[] | null>('/api/v2/remotes'), get<Listed[] | null>('/api/v2/virtuals')]);
  const all = [...(remotes ?? []), ...(virtuals ?? [])].map(repositoryOf);
  return all.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** One of them. */
export async function repository(name: string, kind: string): Promise<Repository> {
  return repositoryOf(await get<Listed>(`/api/v2/${kind === 'virtual' ? 'virtuals' : 'remotes'}/${segment(name)}`));
}

function repositoryOf(listed: Listed): Repository {
  const kind = listed.repo_type === undefined ? 'virtual' : listed.repo_type === 'local' ? 'local' : 'remote';
  return { ...listed, kind, settings: listed };
}

/** A page of a folder. */
export const folder = (name: string, path: string, from: string): Promise<{ entries: readonly Entry[]; next: string | null }> =>
  get(`/ui/api/repositories/${segment(name)}/folder?${new URLSearchParams({ path, from })}`);

export interface Stats {
  readonly remotes: number;
  readonly locals: number;
  readonly virtuals: number;
  readonly artifacts: number;
  readonly local_files: number;
  readonly blobs: number;
  readonly total_size: number;
  readonly total_hits: number;
  readonly total_fetches: number;
  readonly bytes_served: number;
}

export interface TopFile {
  readonly remote: string;
  readonly path: string;
  readonly size: number;
  readonly access_count: number;
  readonly bytes_served: number;
}

export interface Point {
  readonly time: string;
  readonly hit: number;
  readonly miss: number;
  readonly stale: number;
  readonly sent: number;
}

export const address = ({ kind, name }: Pick<Repository, 'kind' | 'name'>): string => `#/${kind}/${segment(name)}`;
