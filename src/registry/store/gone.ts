import { type MetadataStore } from './metadata';

const TOPIC = 'repository gone';

/**
 * Tells all processes that a repository is removed, inside the transaction that removes it. A repository of BK-Repo has its project and a slash
 * before its name, so that no other backend's has the same.
 */
export function tellGone(inside: Pick<MetadataStore, 'tell'>, name: string): Promise<void> {
  return inside.tell(TOPIC, name);
}

/** Hears of repositories that are removed, by whichever process, except while this one cannot reach the database. */
export function hearGone(metadata: Pick<MetadataStore, 'hear'>, listener: (name: string) => void): () => void {
  return metadata.hear(TOPIC, listener);
}
