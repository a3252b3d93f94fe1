import type { Container, ServerContents } from '../../handler/contents';
import type { FoundObject, LeftOut } from '../estate';
import { type Amount, amountOf } from './amount';

/** The files in one object, which an app does not move to another server. */
export interface Unmoved extends Amount {
  readonly id: string;
  /** Why `repoform copy-files` does not copy them, and what to do instead. */
  readonly uncopied: string | undefined;
}

/** Counts the files in objects, by their lists; what cannot be listed is left out. */
export async function unmovedFiles(
  contents: ServerContents,
  objects: readonly FoundObject[],
): Promise<{ readonly unmoved: readonly Unmoved[]; readonly leftOut: readonly LeftOut[] }> {
  const unmoved: Unmoved[] = [];
  const leftOut: LeftOut[] = [];
  const { types } = contents;
  for (const object of objects.filter(({ type }) => types.includes(type))) {
    const container = contents.container(object);
    try {
      const amount = await counted(contents, container);
      if (amount.files > 0) unmoved.push({ id: container.id, uncopied: container.uncopied, ...amount });
    } catch (thrown) {
      const why = `its files could not be counted: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
      leftOut.push({ what: `${object.type} "${object.id}"`, why, about: 'object' });
    }
  }
  return { unmoved, leftOut };
}

const counted = async (contents: ServerContents, container: Container): Promise<Amount> => amountOf(await contents.list(container));
