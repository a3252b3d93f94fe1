import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { attr, AttributeError, type Diagnostic, error, type MaybeUnknown, type Upload, z } from '../schema/define';

const stored = { api: false, notReturned: true } as const;

/** The attributes of a file: the source of its content, and its digest and size. */
export const contentAttributes = <F extends { readonly forceNew?: boolean }>(sha256: F) => ({
  source: attr(z.string().min(1).optional(), 'Path of the file to upload.', { ...stored, conflicts: ['content', 'contentBase64'] }),
  content: attr(z.string().optional(), 'Text to upload. It is stored in the state.', { ...stored, conflicts: ['contentBase64'] }),
  contentBase64: attr(z.base64().optional(), 'Bytes to upload, in base64. They are stored in the state.', stored),
  sha256: attr(z.string(), 'SHA-256 of the content, in hex.', { api: 'sha256', ...sha256 }),
  size: attr(z.int(), 'Size in bytes.', { api: 'size', impact: 'bytes' }),
});

/** The sources of content. */
interface Content {
  readonly source: string | undefined;
  readonly content: string | undefined;
  readonly contentBase64: string | undefined;
}

/** Some content must be given. */
export function checkContent({
  source,
  content,
  contentBase64,
}: { readonly [K in keyof Content]: MaybeUnknown<Content[K]> }): Diagnostic[] {
  if (source !== undefined || content !== undefined || contentBase64 !== undefined) return [];
  const detail = 'None of "source", "content" and "content_base64" is set; set the one that holds the content to upload.';
  return [error('Missing Attribute', detail, ['source'])];
}

/** The content of a file resource, as an upload. */
export function uploadOf(values: Content): Upload {
  const { source } = values;
  if (source !== undefined) return { size: statSync(source).size, open: () => createReadStream(source) };
  const bytes = inlineContent(values);
  return { size: bytes.length, open: () => once(bytes) };
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(bytes);
}

function inlineContent({ content, contentBase64 }: Content): Buffer {
  return contentBase64 === undefined ? Buffer.from(content ?? '') : Buffer.from(contentBase64, 'base64');
}

/** Derives the digest and size of content before the upload. */
export const derivedContent = {
  sha256(values: Content): string {
    const { source } = values;
    if (source === undefined) return createHash('sha256').update(inlineContent(values)).digest('hex');
    return readable(source, () => fileHash(source));
  },
  size(values: Content): number {
    const { source } = values;
    return source === undefined ? inlineContent(values).length : readable(source, () => statSync(source).size);
  },
};

function readable<T>(source: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'it is unreadable';
    throw new AttributeError(
      `the file "${source}" cannot be read (${reason}); the path is relative to the folder in which terraform runs (in CDK for Terraform, use a TerraformAsset)`,
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
