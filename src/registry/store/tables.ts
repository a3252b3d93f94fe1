import { type Kysely, type Selectable } from 'kysely';

/** A remote or a local repository, with its settings as a JSON object. Times are ISO 8601 in UTC, here and in the other tables. */
export interface RemoteTable {
  name: string;
  repo_type: string;
  package_type: string;
  settings: string;
  created_at: string;
  updated_at: string;
}

/** A virtual repository; its members are a JSON list. */
export interface VirtualTable {
  name: string;
  package_type: string;
  description: string;
  members: string;
  created_at: string;
  updated_at: string;
}

/** A file that a remote has cached. */
export interface ArtifactTable {
  remote: string;
  path: string;
  variant: string;
  hash: string;
  size: number;
  content_type: string;
  content_encoding: string;
  etag: string;
  last_modified: string;
  /** The validator sent to clients. */
  tag: string;
  /** The status of the answer: 200, or 204 without a body. */
  status: number;
  /** Where it was found, after redirects. */
  url: string;
  /** Further headers of the answer, as a JSON object. */
  headers: string;
  created_at: string;
  validated_at: string;
  accessed_at: string;
  access_count: number;
  fetch_count: number;
  bytes_served: number;
}

/** A file uploaded to a local repository, with the metadata that its format read from it. */
export interface LocalFileTable {
  repo: string;
  path: string;
  hash: string;
  content_type: string;
  metadata: string;
  created_at: string;
}

/** A content-addressed blob. */
export interface BlobTable {
  hash: string;
  size: number;
  created_at: string;
}

/** How often the files of a local repository have changed, and how large they are. */
export interface FileRevisionTable {
  repo: string;
  revision: number;
  /** The sum of their sizes. */
  bytes: number;
}

/** A name that a remote or a virtual has. */
export interface RepositoryNameTable {
  name: string;
}

/** A private key that the registry made for itself, armored. */
export interface SigningKeyTable {
  name: string;
  private_key: string;
  created_at: string;
}

/** Content that arrives in several requests, for a path of a repository. */
export interface UploadTable {
  id: string;
  /** The repository, in its backend's own terms. */
  owner: string;
  path: string;
  /** In milliseconds. */
  expires_at: number;
}

/** A part of such content, and where in it the part begins. */
export interface UploadPartTable {
  upload: string;
  start: number;
  size: number;
  hash: string;
}

/** The tables of the registry itself. */
export interface Tables {
  remotes: RemoteTable;
  virtuals: VirtualTable;
  repository_names: RepositoryNameTable;
  artifacts: ArtifactTable;
  local_files: LocalFileTable;
  file_revisions: FileRevisionTable;
  signing_keys: SigningKeyTable;
  uploads: UploadTable;
  upload_parts: UploadPartTable;
  blobs: BlobTable;
}

/** The tables of the registry itself, for queries. */
export type Metadata = Kysely<Tables>;
/** A row of `artifacts`. */
export type ArtifactRow = Selectable<ArtifactTable>;
/** A row of `local_files`. */
export type LocalFileRow = Selectable<LocalFileTable>;
