import { createHash } from 'node:crypto';
import { valid } from 'semver';
import { type Content } from '../../format';
import { isTooDeep, type Json, objectOf, readObject } from '../../json';
import { readFromTarball } from '../../tar';
import { readModule, slugOf } from './paths';

const METADATA = { matches: (path: string) => /^[^/]+\/metadata\.json$/.test(path), limit: 1 << 20 };

/** What is noted of the archive of a release. */
export interface Notes {
  /** The content of its `metadata.json`. */
  readonly metadata: Json;
  /** For clients that know no SHA-256. */
  readonly md5: string;
}

/** Reads the archive of a release, with the name and the version that it says; throws with the reason if it is none. */
export async function readRelease(archive: Pick<Content, 'open'>): Promise<Notes & { readonly slug: string; readonly version: string }> {
  const metadata = await metadataIn(archive);
  const module = readModule(typeof metadata['name'] === 'string' ? metadata['name'] : '');
  if (!module) throw new Error(`the name in its metadata.json is ${JSON.stringify(metadata['name'])}; expected one like "acme-ntp"`);
  const version = metadata['version'];
  if (typeof version !== 'string' || valid(version) !== version)
    throw new Error(`the version in its metadata.json is ${JSON.stringify(version)}; expected one like "1.0.0"`);
  return { metadata, md5: await md5Of(archive), slug: slugOf(module), version };
}

/** What was noted of an archive; undefined if it was stored without being read. */
export function notesIn(text: string): Notes | undefined {
  if (text === '') return undefined;
  const { metadata, md5 } = objectOf(JSON.parse(text));
  return typeof md5 === 'string' ? { metadata: objectOf(metadata), md5 } : undefined;
}

async function metadataIn({ open }: Pick<Content, 'open'>): Promise<Json> {
  const found = await readFromTarball(await open(), METADATA).catch((cause: unknown) => {
    throw new Error(`it is not the archive of a module: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  });
  if (!found) throw new Error('it has no metadata.json in the folder that a module is in; build it with "pdk build"');
  const metadata = readObject(found, 'the metadata.json of a module');
  if (isTooDeep(metadata)) throw new Error('its metadata.json is nested too deeply');
  return metadata;
}

async function md5Of({ open }: Pick<Content, 'open'>): Promise<string> {
  const sum = createHash('md5');
  for await (const chunk of await open()) sum.update(chunk as Buffer);
  return sum.digest('hex');
}
