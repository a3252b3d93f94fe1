import { isJsonObject, type Json, type JsonObject, listOf, textOf } from '../../schema/define';

/** One entry of the metadata of a file. */
type Note = JsonObject & { readonly key: string; readonly value: Json };

/** Notes on their way to a file that is uploaded anew: in a header of the upload, and those that it cannot carry. */
export interface Carried {
  readonly header: string | undefined;
  readonly rest: readonly Note[];
}

/** Written by the server alone, which refuses them from others; they are of the content that goes. */
const reserved: ReadonlySet<string> = new Set([
  ...['scanStatus', 'forbidStatus', 'forbidUser', 'forbidType', 'forbidReason'],
  ...['targetProjectId', 'targetRepoName', 'targetFullPath'],
]);

/** Servers take some 8 kB of headers in all. */
const mostBytes = 3000;

/** What people and pipelines noted on a file. */
function notesOf(node: JsonObject): Note[] {
  const { nodeMetadata: list, metadata: map } = node;
  const all = Array.isArray(list)
    ? listOf(list)
    : Object.entries(isJsonObject(map) ? map : {}).map(([key, value]): JsonObject => ({ key, value: value ?? null }));
  return all
    .filter((one) => one.system !== true && !reserved.has(textOf(one.key) ?? ''))
    .map((one) => ({ key: textOf(one.key) ?? '', value: one.value ?? '', description: one.description ?? null }));
}

/** Whether a header says all of it: texts alone, names that are the same decoded or not, no empty values, which are dropped. */
const fitsHeader = ({ key, value, description }: Note): boolean => {
  const text = textOf(value)?.trim() ?? '';
  return /^[^%&=+\s]+$/u.test(key) && text !== '' && (description ?? '') === '' && isWhole(key + text);
};

/** Whether a text has no half of a surrogate pair, which no URL can have. */
const isWhole = (text: string): boolean => !/\p{Cs}/u.test(text);

/** Parts the metadata of a file for its next upload. */
export function carry(node: JsonObject | undefined): Carried {
  const pairs: string[] = [];
  let bytes = 0;
  const rest = notesOf(node ?? {}).filter((note) => {
    const pair = fitsHeader(note) ? `${note.key}=${encodeURIComponent(textOf(note.value) ?? '')}` : undefined;
    bytes += Buffer.byteLength(pair ?? '') + 1;
    if (pair === undefined || bytes > mostBytes) return true;
    pairs.push(pair);
    return false;
  });
  return { header: pairs.length > 0 ? Buffer.from(pairs.join('&')).toString('base64') : undefined, rest };
}
