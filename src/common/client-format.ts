import { artifactapiUrl, type RepositoryKind } from './repository-url';

/** The repository a client is configured for. */
export interface Target {
  readonly endpoint: string;
  readonly kind: RepositoryKind;
  readonly name: string;
  /** Where a server of another API than ArtifactAPI has it. */
  readonly at?: Place;
}

/** Where a repository is at a server with users, who log in. */
export interface Place {
  /** The URL for clients, without a slash at the end. */
  readonly url: string;
  /** What the names of images in it begin with, after the host. */
  readonly images: string;
  /** The environment variables that have the user and the password when a client runs. */
  readonly login: { readonly username: string; readonly password: string };
}

/** The environment variables that have the user and the password for the servers of a provider. */
export function loginVariables(provider: string): Place['login'] {
  return { username: `${provider.toUpperCase()}_USERNAME`, password: `${provider.toUpperCase()}_PASSWORD` };
}

/** A configuration format of one kind of client. */
export interface ClientFormat {
  /** Its name, e.g. `npmrc`. */
  readonly name: string;
  /** The file that the text belongs in. */
  readonly file: string;
  /** The text that makes the client use the repository. */
  text(target: Target): string;
}

/** Where the repository is. */
export const urlOf = ({ endpoint, kind, name, at }: Target): string => at?.url ?? artifactapiUrl(endpoint, kind, name);

/** What the names of images in the repository begin with, after the host. */
export const imagesOf = ({ name, at }: Target): string => at?.images ?? name;

/** Host and port of the server. */
export const hostOf = ({ endpoint }: Target): string => new URL(endpoint).host;

/** Whether the server is reached without TLS. */
export const isPlain = ({ endpoint }: Target): boolean => new URL(endpoint).protocol === 'http:';
