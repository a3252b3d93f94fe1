import { type Readable } from 'node:stream';
import { type Blob, type ByteRange } from '../store/blobs';
import { type GeneratedFiles } from '../store/generated';
import { type UploadSessions } from '../store/uploads';
import { type Document, type RepositoryLocation } from './format';

/** A file of a repository. */
export interface RepositoryFile {
  readonly path: string;
  /** The SHA-256 of its content. */
  readonly hash: string;
  readonly size: number;
  readonly content_type: string;
  /** What its format noted about it, as text; empty if nothing. */
  readonly metadata: string;
  /** When it was stored, in ISO 8601. */
  readonly created_at: string;
}

/** A file to be stored. */
export interface NewFile {
  readonly blob: Blob;
  readonly contentType: string;
  /** @default nothing */
  readonly metadata?: string;
}

/** A version of a package, for backends that list them. */
export interface PackageVersion {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** The size of its file in bytes, and its path. */
  readonly size: number;
  readonly path: string;
  /** The file that tells about all versions. */
  readonly manifestPath: string;
}

/** Changes to the files of a repository that happen together or not at all. */
export interface FileChanges {
  /** One file, as it is before these changes are seen by others. */
  find(path: string): Promise<RepositoryFile | undefined>;
  /** The files whose paths begin with a text, by path. */
  list(prefix: string): Promise<RepositoryFile[]>;
  /** Stores a file, in place of another one if need be. */
  put(path: string, file: NewFile): Promise<void>;
  /** Removes a file; returns whether it was there. */
  remove(path: string): Promise<boolean>;
  /** Notes a version of a package, in place of what was noted of it before. */
  noteVersion(version: PackageVersion): Promise<void>;
  /** Takes a version of a package from the list, and with its last one the package. */
  forgetVersion(name: string, version: string): Promise<void>;
}

/** A repository that holds files of its own, as formats see it, whichever backend it belongs to. */
export interface LocalRepository {
  readonly location: RepositoryLocation;
  /** One file. */
  find(path: string): Promise<RepositoryFile | undefined>;
  /** The files whose paths begin with a text, by path; with a limit, so many of them at most; only those that come after a path, if one is given. */
  list(prefix: string, limit?: number, after?: string): Promise<RepositoryFile[]>;
  /** What changes with every change to its files. */
  revision(): Promise<unknown>;
  /** Stores content that no file has yet. */
  receive(content: AsyncIterable<Uint8Array>): Promise<Blob>;
  /** Content that arrives in several requests. */
  readonly uploads: UploadSessions;
  /**
   * A file of another repository of the same package type that holds files, by what follows the front of the type in URLs (`/v2/`): the
   * name of the repository and the path in it. Undefined also where its content is lost, or the sender of the request
   * may not read it.
   */
  findElsewhere(path: string): Promise<RepositoryFile | undefined>;
  /** Opens the content of a file, or a part of it. */
  read(hash: string, range?: ByteRange): Promise<Readable>;
  /** Runs steps that change files; they may run again, so they may neither store content nor keep count of anything. */
  change<T>(steps: (files: FileChanges) => Promise<T>): Promise<T>;
  /** Indexes of it that are kept as files. */
  readonly generated: GeneratedFiles;
  /** A document that depends on these inputs and nothing else: kept, and made again only when they differ. */
  kept(inputs: readonly unknown[], make: () => Promise<Document>): Promise<Document>;
}
