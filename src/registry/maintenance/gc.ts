import { type Store } from '../store/store';
import { type Report } from './report';

/** What is collected. */
export interface GcOptions {
  /** How long ago content must have been written last, in seconds. */
  readonly olderThan: number;
  /** Counts, and deletes nothing. */
  readonly dryRun: boolean;
}

/** What was collected. */
export interface GcResult {
  readonly deleted: number;
  readonly bytes: number;
}

/** Deletes content that nothing refers to, in batches. */
export async function gc(store: Store, { olderThan, dryRun }: GcOptions, report: Report): Promise<GcResult> {
  const now = store.metadata.now();
  const before = new Date(now - olderThan * 1000).toISOString();
  let [deleted, bytes] = [0, 0];
  if (!dryRun) {
    await store.uploads.sweep(now);
    await store.generated.sweep(now);
  }
  for await (const batch of store.known.orphans(before)) {
    for (const { hash, size } of batch) {
      if (!dryRun && !(await store.blobs.deleteUnreferenced(hash, before))) continue;
      deleted++;
      bytes += size;
    }
    report.progress(`${dryRun ? 'found' : 'deleted'} ${deleted} unreferenced files`);
  }
  // What is left over from writers and deletions that died.
  if (!dryRun) await store.blobs.collect(before);
  return { deleted, bytes };
}
