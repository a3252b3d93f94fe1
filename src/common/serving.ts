import type { RepositoryKind } from './repository-url';

/** A repository that a server may not serve to clients of its package type. */
export interface Unserved {
  /** The name of the system, e.g. `ArtifactAPI`. */
  readonly server: string;
  readonly kind: RepositoryKind;
  readonly packageType: string;
  /** Its name, as shown to users. */
  readonly name: string;
  /** The package types of which repositories of this kind are served. */
  readonly served: readonly string[];
}

/** What clients of a repository may lack, and what to do about it. */
export function unservedText({ server, kind, packageType, name, served }: Unserved): string {
  const what = kind === 'virtual' ? `merge ${packageType} repositories` : `make an index for local ${packageType} repositories`;
  const others = served.length > 0 ? `; it does for ${served.join(', ')}` : '';
  const effect =
    kind === 'virtual'
      ? `clients of ${name} may find nothing. They can use a remote directly`
      : `files in ${name} can be uploaded and downloaded by their paths, but ${packageType} clients may find no packages in it`;
  return `${server} is not known to ${what}${others}: ${effect}. Try it on your server, or on "npx repoform registry --strict", which serves only what ${server} is known to serve.`;
}
