import { statistics } from '../store/statistics';
import { type Store } from '../store/store';
import { type Metric, Reading } from './tally';

/** How long sizes are remembered: with many objects, adding them up takes a second. */
const FRESH_MS = 60_000;

/** The metrics of what is stored. */
export function storeMetrics(store: Store): readonly Metric[] {
  let known: { readonly at: number; readonly sizes: ReturnType<typeof sizesOf> } | undefined;
  const sizes = () => {
    if (!known || performance.now() - known.at > FRESH_MS) known = { at: performance.now(), sizes: sizesOf(store) };
    known.sizes.catch(() => (known = undefined));
    return known.sizes;
  };
  const objects = { name: 'repoform_store_objects', help: 'What is stored, by kind: blobs, cached objects, files of local repositories.' };
  const bytes = { name: 'repoform_store_bytes', help: 'The sizes of what is stored, by kind: all blobs, cached objects.' };
  return [
    new Reading({ ...objects, labels: ['kind'] }, async () => (await sizes()).objects),
    new Reading({ ...bytes, labels: ['kind'] }, async () => (await sizes()).bytes),
  ];
}

async function sizesOf({ metadata, artifacts }: Store) {
  const { blobs, local_files, artifacts: cached, total_size } = await statistics(metadata);
  const row = (kind: string, value: number) => [[kind], value] as const;
  return {
    objects: [row('blob', blobs), row('cached', cached), row('local', local_files)],
    bytes: [row('blob', total_size), row('cached', await artifacts.bytes())],
  };
}
