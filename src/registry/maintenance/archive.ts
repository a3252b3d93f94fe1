import * as z from 'zod';

/** What the parts of an archive are called; content is at `blobs/sha256/<hash>`. */
export const MANIFEST = 'repoform-registry.json';
export const END = 'end.json';
/** The version of the layout of archives. */
export const FORMAT = 1;

const TABLE = /^tables\/(?<table>[a-z_]{1,60})\/\d{6,9}\.ndjson$/;
const BLOB = /^blobs\/sha256\/(?<hash>[0-9a-f]{64})$/;
/** The largest page of rows that is read, in bytes. */
export const LARGEST_PAGE = 256 << 20;
/** The largest manifest. */
export const LARGEST_MANIFEST = 1 << 20;

/** The table whose rows an entry has. */
export function tableOf(name: string): string | undefined {
  return TABLE.exec(name)?.groups?.['table'];
}

/** The hash whose content an entry is. */
export function hashIn(name: string): string | undefined {
  return BLOB.exec(name)?.groups?.['hash'];
}

/** What begins an archive. */
export const manifestSchema = z.object({
  format: z.int(),
  created_at: z.string(),
  /** The version of the program that wrote it. */
  version: z.string(),
  /** How many migrations each part of the tables had. */
  schema: z.record(z.string(), z.int().min(0)),
  secrets: z.boolean(),
});

/** What begins an archive. */
export type Manifest = z.infer<typeof manifestSchema>;

/** What ends it: without that it is incomplete. */
export const endSchema = z.object({
  tables: z.record(z.string(), z.object({ rows: z.int().min(0), digest: z.string() })),
  blobs: z.int().min(0),
  bytes: z.int().min(0),
  /** Content that was missing from the store. */
  missing: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
});

/** What ends an archive. */
export type End = z.infer<typeof endSchema>;
