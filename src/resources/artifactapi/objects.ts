import { type ApiClient, type Json, type JsonObject, textOf, unwrapList } from '../../schema/define';

const largestPage = 1000;

/** A file that the server keeps. */
export interface StoredFile extends JsonObject {
  readonly path: string;
  readonly size: Json;
  readonly content_type: Json;
  /** Missing where the server does not return it. */
  readonly sha256?: Json;
}

/** Where the server lists the files of a repository. */
export const objectsPath = (kind: 'remote' | 'local', repository: string): string =>
  `/api/v2/${kind}s/${encodeURIComponent(repository)}/objects`;

/** The files of a repository, at most `limit`. Pages are requested until one is short or adds nothing new. */
export async function filesAt(client: ApiClient, path: string, limit: number): Promise<StoredFile[]> {
  const found = new Map<string, StoredFile>();
  const size = Math.min(limit, largestPage);
  for (let page = 1; found.size < limit; page += 1) {
    const { json } = await client.send({ method: 'GET', path: `${path}?page=${page}&per_page=${size}` });
    const entries = unwrapList(json, path, ['items', 'data', 'objects', 'artifacts']);
    const before = found.size;
    for (const entry of entries.map(fileOf)) found.set(entry.path, entry);
    if (entries.length < size || found.size === before) break;
  }
  return [...found.values()].slice(0, limit);
}

// The contract leaves the names of a file's fields open; these are the ones a reasonable server uses.
function fileOf(entry: JsonObject): StoredFile {
  const sha256 = textOf(entry.sha256) ?? textOf(entry.hash) ?? textOf(entry.digest);
  return {
    path: textOf(entry.path ?? entry.file_path ?? entry.key ?? entry.name) ?? '',
    size: entry.size ?? entry.size_bytes ?? null,
    content_type: entry.content_type ?? null,
    ...(sha256 !== undefined && { sha256: sha256.replace(/^sha256:/, '') }),
  };
}
