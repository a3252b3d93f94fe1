/** One provider in a lock file. */
export interface LockEntry {
  /** Full source address. */
  readonly source: string;
  readonly version: string;
  readonly hash: string;
}

/** A provider block of a lock file. */
export interface LockBlock {
  readonly source: string;
  readonly text: string;
  /** Its version constraints, as written. */
  readonly constraints: string | undefined;
}

const header = `# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.
`;

/** The text of a lock file with our entry in it; everything else is kept byte for byte. */
export function mergeLock(text: string | undefined, entry: LockEntry): string {
  const before = text === undefined || text.trim() === '' ? header : text;
  const present = lockBlocks(before).find((block) => block.source === entry.source);
  if (!present) return `${before}${before.endsWith('\n') ? '' : '\n'}\n${blockText(entry, [entry.hash])}\n`;
  const sameVersion = versionOf(present.text) === entry.version;
  // Other hashes of the same version may be those of its archive on a mirror or a registry.
  const hashes = sameVersion ? [...new Set([...hashesOf(present.text), entry.hash])].sort() : [entry.hash];
  if (sameVersion && present.constraints === entry.version && hashes.length === hashesOf(present.text).length) return before;
  return before.replace(present.text, () => blockText(entry, hashes));
}

/** The provider blocks of a lock file. Comments are ignored. */
export function lockBlocks(text: string): LockBlock[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
  return [...code.matchAll(/^[ \t]*provider[ \t]+"([^"]+)"[ \t]*\{[\s\S]*?^[ \t]*\}/gm)].map((match) => ({
    source: match[1] as string,
    text: text.slice(match.index, match.index + match[0].length),
    constraints: /^\s*constraints\s*=\s*"([^"]*)"/m.exec(match[0])?.[1],
  }));
}

export const versionOf = (block: string): string | undefined => /^\s*version\s*=\s*"([^"]*)"/m.exec(block)?.[1];
export const hashesOf = (block: string): string[] => [...block.matchAll(/"((?:h1|zh):[^"]+)"/g)].map((match) => match[1] as string);

function blockText({ source, version }: LockEntry, hashes: readonly string[]): string {
  return `provider "${source}" {
  version     = "${version}"
  constraints = "${version}"
  hashes = [
${hashes.map((hash) => `    "${hash}",`).join('\n')}
  ]
}`;
}
