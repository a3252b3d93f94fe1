import { artifactapiUrl, type RepositoryKind } from './repository-url';

/** The repository a client is configured for. */
export interface Target {
  readonly endpoint: string;
  readonly kind: RepositoryKind;
  readonly name: string;
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
export const urlOf = ({ endpoint, kind, name }: Target): string => artifactapiUrl(endpoint, kind, name);

/** Host and port of the server. */
export const hostOf = ({ endpoint }: Target): string => new URL(endpoint).host;

/** Whether the server is reached without TLS. */
export const isPlain = ({ endpoint }: Target): boolean => new URL(endpoint).protocol === 'http:';
