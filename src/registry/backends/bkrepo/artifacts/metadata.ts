import { type FastifyRequest } from 'fastify';
import * as z from 'zod';
import { problem } from '../problem';

/** One entry of a node's metadata. */
export interface NodeMetadata {
  readonly key: string;
  readonly value: unknown;
  readonly system: boolean;
  readonly description: string | null;
}

/** Keys that only the server itself writes. */
const RESERVED = new Set(['scanStatus', 'forbidStatus', 'forbidUser', 'forbidType', 'targetProjectId', 'targetRepoName', 'targetFullPath']);
/** Keys that forbid downloads. */
export const FORBID_KEYS: readonly string[] = ['forbidStatus', 'forbidUser', 'forbidType', 'forbidReason'];
const PREFIX = 'x-bkrepo-meta-';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
/** One entry of metadata in a request. */
export const metadataEntry = z.object({
  key: z.string(),
  value: z.unknown().refine((value) => value !== undefined && value !== null),
  description: z.string().nullish(),
});
/** The body that saves metadata, in either of its two forms. */
export const metadataBody = z.object({
  metadata: z.record(z.string(), scalar.transform(String)).nullish(),
  nodeMetadata: z.array(metadataEntry).nullish(),
});

/** The entries of a body; the list goes before the map, and reserved keys are 251504. */
export function entriesOf(body: z.infer<typeof metadataBody>): NodeMetadata[] {
  const { metadata, nodeMetadata } = body;
  const entries = nodeMetadata?.length
    ? nodeMetadata.map(({ key, value, description }) => ({ key, value, system: false, description: description ?? null }))
    : fromMap(metadata ?? {}).filter(({ key }) => key.trim() !== '');
  checkReserved(entries);
  return entries;
}

/** Refuses keys that only the server writes. */
function checkReserved(entries: readonly NodeMetadata[]): void {
  const reserved = entries.find(({ key, system }) => !system && RESERVED.has(key));
  if (reserved) throw problem('METADATA_KEY_RESERVED', 'Metadata retention key');
}

/** The entries of a map. */
export function fromMap(map: Readonly<Record<string, unknown>>): NodeMetadata[] {
  return Object.entries(map).map(([key, value]) => ({ key, value, system: false, description: null }));
}

/** The map of some entries. */
export function toMap(entries: readonly NodeMetadata[]): Record<string, unknown> {
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}

/** Old entries with new ones over them. */
export function merge(old: readonly NodeMetadata[], added: readonly NodeMetadata[]): NodeMetadata[] {
  return [...new Map([...old, ...added].map((entry) => [entry.key, entry])).values()];
}

/** The metadata that the headers of an upload carry. */
export function metadataOf(request: FastifyRequest): NodeMetadata[] {
  const map: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    const key = name.startsWith(PREFIX) ? name.slice(PREFIX.length).trim() : '';
    if (key !== '' && value !== undefined) map[key] = decoded(Array.isArray(value) ? (value[0] ?? '') : value);
  }
  const packed = request.headers['x-bkrepo-meta'];
  if (typeof packed === 'string') Object.assign(map, unpacked(packed));
  const entries = fromMap(map);
  checkReserved(entries);
  return entries;
}

/** The entries of Base64-encoded `k=v&k2=v2`; none if it is malformed. */
function unpacked(header: string): Record<string, string> {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(header)) return {};
  const map: Record<string, string> = {};
  for (const part of Buffer.from(header, 'base64').toString('utf8').split('&')) {
    const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(part.trim()) ?? [];
    if (key.trim() !== '' && value.trim() !== '') map[decoded(key)] = decoded(value);
  }
  return map;
}

/** A text with its percent-encoding resolved; one that is malformed stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
