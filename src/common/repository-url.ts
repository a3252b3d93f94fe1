/** The kind of a repository: a proxy for an upstream, a store of its own, or several under one name. */
export type RepositoryKind = 'remote' | 'local' | 'virtual';

/** Where clients fetch from a repository of an ArtifactAPI server. Docker clients use the registry root instead. */
export function artifactapiUrl(endpoint: string, kind: RepositoryKind, name: string): string {
  return `${endpoint.replace(/\/+$/, '')}/api/v1/${kind}/${name}`;
}

/** Where clients find a repository of a BK-Repo server: below the service of its type. */
export function bkrepoUrl(endpoint: string, type: string, path: string): string {
  const service = type === 'OHPM' ? 'npm' : type.toLowerCase();
  return `${endpoint.replace(/\/+$/, '')}/${service}/${path}`;
}
