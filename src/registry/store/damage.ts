import { type MetadataStore } from './metadata';

const TOPIC = 'damaged content';

/** Tells all processes that the bytes of a blob turned out to be missing, or others. */
export function tellDamaged(metadata: Pick<MetadataStore, 'tell'>, hash: string): Promise<void> {
  return metadata.tell(TOPIC, hash);
}

/** Hears of such blobs, whichever process found them, except while this one cannot reach the database. */
export function hearDamaged(metadata: Pick<MetadataStore, 'hear'>, listener: (hash: string) => void): () => void {
  return metadata.hear(TOPIC, listener);
}
