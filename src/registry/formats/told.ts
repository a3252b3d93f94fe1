import { type Digest, type Digests } from './digests';
import { type Capability, type MemberDocument } from './format';

/** What another document of the same remote says about a file. */
export interface Told {
  /** Where the file is, when that is not its path beneath the remote's address. */
  readonly url?: string;
  /** The hash of the file; other content is neither cached nor served. */
  readonly digest?: Digest;
}

/** Which document of a remote tells about its files. */
export interface Index {
  readonly path: string;
  /** The Accept header that it is asked for with. @default none */
  readonly accept?: string;
}

/** Files of which another document of the remote tells the address or the hash: on another host, or in sets that belong together. */
export interface Teller extends Capability {
  /** The document that describes a path; undefined if none does. */
  by(path: string): Index | undefined;
  /** What it says; undefined if it does not list the file, which is then a 404. */
  read(path: string, document: MemberDocument): Told | undefined | Promise<Told | undefined>;
}

/** Files below the address of a remote of which indexes list the digests. Only indexes that are cached are looked at; they need not list all. */
export interface Lister extends Capability {
  /** The indexes that may list a path, the likeliest first. */
  by(path: string): readonly Index[];
  /** The one file that an index is of, where clients ask for that first: it is compared when the index arrives. @default indexes are of many */
  of?(path: string): string | undefined;
  /** What one of them lists. */
  read(index: MemberDocument): Digests | Promise<Digests>;
}
