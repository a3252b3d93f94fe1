import { artifactapiUrl, type RepositoryKind } from '../repository-url';

/** A repository that a client is to use. */
export interface Target {
  readonly endpoint: string;
  readonly kind: RepositoryKind;
  readonly name: string;
}

/** The text that makes one kind of client use a repository. */
export interface ClientFormat {
  /** How it is asked for, e.g. `npmrc`. */
  readonly name: string;
  /** The package type it is for. */
  readonly packageType: string;
  /** The file the text goes to, or the command that takes it. */
  readonly file: string;
  text(target: Target): string;
}

/** Where the repository is. */
export const urlOf = ({ endpoint, kind, name }: Target): string => artifactapiUrl(endpoint, kind, name);

/** Host and port of the server. */
export const hostOf = ({ endpoint }: Target): string => new URL(endpoint).host;

/** Whether the server is reached without TLS. */
export const isPlain = ({ endpoint }: Target): boolean => new URL(endpoint).protocol === 'http:';
