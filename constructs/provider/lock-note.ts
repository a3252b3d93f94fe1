import { addressText, defaultHost, parseAddress } from './address';
import { lockBlocks, type LockBlock } from './lock-file';

/** A provider that a stack needs besides ours. */
export interface OtherProvider {
  readonly source: string;
  readonly version: string | undefined;
}

const opening = '/* For the cdktf command: providers that "terraform init" is about to lock.';
const note = /\n?\/\* For the cdktf command:[\s\S]*?\*\/\n?/;

/**
 * The text of a lock file with a comment that names the other providers of the stack which are not locked yet.
 *
 * As long as one is missing, `cdktf deploy` runs `terraform providers lock` after `terraform init`, which asks the origin registry
 * for all of them and fails for one that is only in a local mirror, as ours is. The command reads the lock file line by line and
 * mistakes the comment for entries; Terraform ignores it, and selects and locks these providers itself.
 */
export function noteOthers(text: string, others: readonly OtherProvider[]): string {
  const bare = text.replace(note, '');
  const blocks = lockBlocks(bare);
  const entries = others.flatMap((other) => entriesFor(other, blocks));
  return entries.length === 0 ? bare : `${bare}\n${[opening, ...new Set(entries), '*/'].join('\n')}\n`;
}

function entriesFor({ source, version }: OtherProvider, blocks: readonly LockBlock[]): string[] {
  const full = fullSource(source);
  const locked = blocks.find((block) => block.source === full);
  if (!locked) return [entry(full, '')];
  if (locked.constraints === undefined || locked.constraints === version) return [];
  // Another version is required. The present entry under its short name makes the command run "terraform init -upgrade".
  if (!full.startsWith(`${defaultHost}/`)) return [];
  return [entry(full, ''), entry(full.slice(defaultHost.length + 1), locked.constraints)];
}

/** No constraint matches every version. */
const entry = (source: string, constraints: string): string => `provider "${source}" {\n  constraints = "${constraints}"\n}`;

function fullSource(source: string): string {
  return addressText(parseAddress(source.includes('/') ? source : `hashicorp/${source}`));
}
