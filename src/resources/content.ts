import { AttributeError } from '../schema/define/errors';
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import * as z from 'zod';
import { error } from '../common/diagnostic';
import { UNKNOWN, type ValueRecord } from '../common/value';
import { attr, type Attributes, type Facts } from '../schema/define/attribute';
import type { Upload } from '../schema/define/binding';
import type { Check } from '../schema/define/resource';

/** The attributes of an object that is a file: where its content is from, and what is known of it. */
export const contentAttributes = (sha256: Facts = {}): Attributes => ({
  source: attr(z.string().min(1).optional(), 'Path of the file to upload.', {
    api: false,
    notReturned: true,
    conflicts: ['content', 'contentBase64'],
  }),
  content: attr(z.string().optional(), 'Text to upload. It is kept in the state.', {
    api: false,
    notReturned: true,
    conflicts: ['contentBase64'],
  }),
  contentBase64: attr(z.base64().optional(), 'Bytes to upload, in base64. They are kept in the state.', { api: false, notReturned: true }),
  sha256: attr(z.string(), 'SHA-256 of the content, in hex.', { api: 'sha256', derive: contentHash, ...sha256 }),
  size: attr(z.int(), 'Size in bytes.', { api: 'size', derive: contentSize }),
});

const sources = ['source', 'content', 'content_base64'];

/** Some content must be given. */
export const checkContent: Check = (config) =>
  sources.every((name) => (config[name] ?? null) === null)
    ? [
        error(
          'Missing Attribute',
          'None of "source", "content" and "content_base64" is set; set the one that holds what is to be uploaded.',
          ['source'],
        ),
      ]
    : [];

/** The content of a file's values, as a body. */
export function uploadOf(values: ValueRecord): Upload {
  const { source } = values;
  if (typeof source === 'string') return { size: statSync(source).size, open: () => createReadStream(source) };
  const bytes = inlineContent(values);
  return { size: bytes.length, open: () => once(bytes) };
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(bytes);
}

function inlineContent({ content, content_base64: base64 }: ValueRecord): Buffer {
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : Buffer.from(String(content ?? ''));
}

const unknown = (values: ValueRecord): boolean => sources.map((name) => values[name]).includes(UNKNOWN);

/** The digest of what is to be uploaded; unknown while the content is. */
function contentHash(values: ValueRecord): string | typeof UNKNOWN {
  const { source } = values;
  if (unknown(values)) return UNKNOWN;
  if (typeof source !== 'string') return createHash('sha256').update(inlineContent(values)).digest('hex');
  return readable(source, () => fileHash(source));
}

function contentSize(values: ValueRecord): number | typeof UNKNOWN {
  const { source } = values;
  if (unknown(values)) return UNKNOWN;
  return typeof source === 'string' ? readable(source, () => statSync(source).size) : inlineContent(values).length;
}

function readable<T>(source: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'it is unreadable';
    throw new AttributeError(
      `the file "${source}" cannot be read (${reason}); the path is relative to where terraform runs (in CDK for Terraform use a TerraformAsset)`,
      'source',
    );
  }
}

function fileHash(file: string): string {
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(1 << 20);
  const handle = openSync(file, 'r');
  try {
    for (let size = readSync(handle, chunk); size > 0; size = readSync(handle, chunk)) hash.update(chunk.subarray(0, size));
  } finally {
    closeSync(handle);
  }
  return hash.digest('hex');
}
