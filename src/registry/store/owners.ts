import { type MetadataStore } from './metadata';

/**
 * Who has begun uploads and generated files, as their tables have it: which repository, and what tells it from others that have its name at other
 * times.
 */
export function ownerOf(repository: readonly string[], ...more: readonly unknown[]): string {
  return JSON.stringify([...repository, ...more]);
}

/** Forgets the uploads that were begun and the files that were generated for a repository, which is removed. */
export async function forgetOwned(inside: MetadataStore, repository: readonly string[]): Promise<void> {
  const from = `${ownerOf(repository).slice(0, -1)},`;
  // Texts are compared by their bytes: these are all that begin with the first.
  const to = `${from.slice(0, -1)}-`;
  const db = inside.tables<Tables>();
  for (const table of ['uploads', 'generated_files'] as const)
    await db.deleteFrom(table).where('owner', '>=', from).where('owner', '<', to).execute();
}

interface Tables {
  uploads: { owner: string };
  generated_files: { owner: string };
}
