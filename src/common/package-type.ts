import type { ClientFormat } from './client-format';
import type { NameLayout } from './private-names';
import type { RepositoryKind } from './repository-url';

/** An attribute that only remotes of one package type have. */
export type RemoteAttribute = {
  readonly description: string;
  /** What a change of it means to reviewers: `denies` if it refuses something. @default nothing in particular */
  readonly impact?: 'denies';
} & (
  | { readonly kind: 'boolean'; readonly default: boolean; readonly example: boolean }
  | { readonly kind: 'patterns'; readonly default: string[]; readonly example: readonly string[] }
);

/** The construct that puts an upstream and an internal repository behind one name. */
export interface FrontType {
  readonly className: string;
  /** The paragraphs of its documentation. */
  readonly description: readonly string[];
  readonly example: { readonly name: string; readonly privateNames: readonly string[] };
  /** Where private names occur in paths. */
  readonly names: NameLayout;
}

/**
 * All that a package type is to the provider, the constructs and the documentation: the files in `packages` hold one each. How the
 * embedded registry serves it is in `src/registry/formats/types`.
 */
export interface PackageType {
  /** Name of the type at the server and in Terraform, e.g. `npm`; also that of its file and of what the file exports. */
  readonly name: string;
  /** What it is called in prose, e.g. `npm registry`. */
  readonly title: string;
  /** An upstream for examples. */
  readonly upstream: string;
  /** How the server caches it; ends the description of the remote. */
  readonly notes: string;
  /** Paths of files that clients fetch: some that change, such as indexes, and some that never do. */
  readonly paths: { readonly changing: readonly string[]; readonly fixed: readonly string[] };
  /** How clients use the `url` of a repository, for the docs. */
  readonly url: string;
  /** How a file gets into a local repository, for the docs. */
  readonly publishing: string;
  /** What can change after it was published, for the docs. @default files are never overwritten */
  readonly republishing?: string;
  /** Why what a local repository holds cannot be copied to another server file by file, and what to do instead. @default it can */
  readonly uncopied?: string;
  /** Besides remotes, the kinds of repositories of this type that ArtifactAPI is known to serve to clients. @default none */
  readonly served?: readonly ('local' | 'virtual')[];
  /** The problem that clients have with the name of a repository; nothing when they have none. @default they accept any name */
  readonly clientNames?: (name: string, kind: RepositoryKind) => string | undefined;
  /** Attributes that only this type has on remotes, by their names in camelCase. @default none */
  readonly remoteAttributes?: Readonly<Record<string, RemoteAttribute>>;
  /** The configuration formats of its clients; their names are unique among all types. @default none */
  readonly clients?: readonly ClientFormat[];
  /** @default the type has no such construct */
  readonly front?: FrontType;
}
