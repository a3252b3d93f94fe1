import { type RepositoryLocation } from '../../formats/format';
import { type Remote } from '../../store/repositories';

/** The kinds of repositories, as spelled in the URLs that clients use. */
export type Kind = 'remote' | 'local' | 'virtual';

/** Where a client reaches a repository of a kind. */
export function repositoryUrl(root: string, kind: Kind, name: string): string {
  return `${root}/api/v1/${kind}/${encodeURIComponent(name)}/`;
}

/** The URLs of a remote or a local. */
export function locationOf(root: string, repository: Remote): RepositoryLocation {
  const isLocal = repository.repo_type === 'local';
  const url = repositoryUrl(root, isLocal ? 'local' : 'remote', repository.name);
  return { name: repository.name, url, upstream: isLocal ? url : repository.base_url.replace(/\/*$/, '/') };
}
