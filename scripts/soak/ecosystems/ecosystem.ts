import { type Workspace } from '../client';
import { bytesOf, type Random } from '../random';
import { type Shelf } from '../upstream';

/** The kinds of repositories that an estate has of each ecosystem. */
export const KINDS = ['remote', 'local', 'virtual'] as const;
export type Kind = (typeof KINDS)[number];

/** A repository as clients see it. */
export interface Place {
  readonly kind: Kind;
  readonly name: string;
  /** Below which its files are, without a slash at the end. */
  readonly url: string;
  /** To which files are uploaded by path; only ArtifactAPI's locals have one. */
  readonly uploadUrl: string;
  /** Where a login is required. */
  readonly login?: { readonly user: string; readonly password: string };
}

/** A package with everything that can be downloaded of it. */
export interface Item {
  readonly name: string;
  /** The name of its file. */
  readonly file: string;
  readonly version: string;
  /** What its source has, with the paths below a repository. */
  readonly contents: readonly { readonly path: string; readonly body: Buffer }[];
}

/** A kind of packages, and its client. */
export interface Ecosystem {
  readonly name: string;
  readonly packageType: string;
  /** Commands that have to be there. */
  readonly programs: readonly string[];
  /** Makes a package, always the same for a name but for times in archives. */
  make(name: string, random: Random, work: Workspace): Promise<Item>;
  /** A server of somebody else that has packages. */
  upstream(items: readonly Item[], work: Workspace): Promise<Shelf>;
  /** Publishes a package by the client; it is stored when this ends. */
  publish(place: Place, item: Item, work: Workspace): Promise<void>;
  /** Downloads a package by the client: what its contents are, in their order. */
  download(place: Place, item: Item, work: Workspace): Promise<readonly Buffer[]>;
}

/** A shelf of files by their paths. */
export function shelfOf(files: ReadonlyMap<string, ReturnType<Shelf>>): Shelf {
  return (path) => files.get(path);
}

/** What archives of packages hold besides what their format asks for; half of it is left when it is compressed. */
export function filling(name: string, random: Random): string {
  return bytesOf(name, random.size(200_000)).toString('hex');
}
