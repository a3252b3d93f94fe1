import { memberFault } from '../../member-fault';
import { type IndexEntry } from './apk';
import { readIndex, writeIndex } from './index-file';

/** The indexes to merge, in the order of the members. */
export interface MergeInput {
  readonly sources: readonly { readonly member: string; readonly isInternal: boolean; readonly content: Uint8Array }[];
  /** The names of internal packages. */
  readonly internal: readonly string[];
  /** What the merged index says that it is. */
  readonly description: string;
}

/**
 * Merges indexes: of what is there twice the first, which is also the one whose file is served. Throws with the name of the member whose
 * index cannot be read.
 */
export async function mergeIndexes({ sources, internal, description }: MergeInput): Promise<Uint8Array> {
  const own = new Set(internal);
  const merged = new Map<string, IndexEntry>();
  for (const { member, isInternal, content } of sources) {
    const entries = await readIndex(content).catch((cause: unknown) => {
      throw memberFault(member, cause);
    });
    for (const entry of entries) {
      const { P: name = '', V: version = '' } = entry;
      const key = `${name} ${version}`;
      if (merged.has(key) || (!isInternal && own.has(name))) continue;
      merged.set(key, isInternal ? entry : withoutStandIns(entry, own));
    }
  }
  return writeIndex([...merged.values()], description);
}

/** Without what an upstream's package says to provide or to replace of internal ones. */
function withoutStandIns(entry: IndexEntry, own: ReadonlySet<string>): IndexEntry {
  const changed: Record<string, string> = { ...entry };
  for (const letter of ['p', 'r']) {
    const said = entry[letter];
    if (said === undefined) continue;
    const rest = said.split(' ').filter((each) => !own.has(each.replace(/[<>=~].*$/, '')));
    if (rest.length > 0) changed[letter] = rest.join(' ');
    else delete changed[letter];
  }
  return changed;
}
