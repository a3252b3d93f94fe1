import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [root, guides] = [join(__dirname, '../..'), join(__dirname, '../../docs/guides')];

/** A guide with the files of examples that it shows: a code block after a line that is just a link to a file is that file. */
export const withFiles = (guide: string): string =>
  guide.replace(/^(\[`[^`]+`\]\(\.\.\/\.\.\/(examples\/[^)]+)\):\n\n```\w+\n)[^]*?^```$/gm, (_whole, head: string, file: string) => {
    const text = readFileSync(join(root, file), 'utf8');
    return `${head}${text}\`\`\``;
  });

/** The guides, by their paths. */
export const guideTexts = (): Map<string, string> =>
  new Map(readdirSync(guides).map((name) => [join(guides, name), readFileSync(join(guides, name), 'utf8')]));

/** Brings what guides show of files up to date. */
export function writeIncludedFiles(): void {
  for (const [path, text] of guideTexts()) if (withFiles(text) !== text) writeFileSync(path, withFiles(text));
}
