import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, '../../src/checks/rules');

/** A rule of ours, as its file describes it. */
export interface RuleFile {
  /** Its name, which is that of the file. */
  readonly code: string;
  /** The folder that it is in: `general`, or the backend whose resources it knows. */
  readonly area: string;
  /** One sentence. */
  readonly summary: string;
  /** Statements, as in the constructor of a stack, in which it finds something. */
  readonly bad: string;
  /** Statements in which it finds nothing. */
  readonly good: string;
}

/** Every rule of ours, by area and name. Throws for a file whose comment lacks something. */
export function ruleFiles(): readonly RuleFile[] {
  return readdirSync(folder)
    .sort()
    .flatMap((area) =>
      readdirSync(join(folder, area))
        .sort()
        .map((file) => describe(area, file)),
    );
}

function describe(area: string, file: string): RuleFile {
  const source = readFileSync(join(folder, area, file), 'utf8');
  const [, comment = ''] = /\/\*\*\n((?: \*.*\n)+) \*\/\nexport const rule: BuiltInRule/.exec(source) ?? [];
  const text = comment.replace(/^ \* ?/gm, '');
  const [, summary = '', bad = '', good = ''] = /^(.+)\n\n@bad\n([^@]*(?:@(?!good)[^@]*)*)@good\n([\s\S]+)$/.exec(text) ?? [];
  if (good === '')
    throw new Error(`${area}/${file} needs a comment before "export const rule": one sentence in one line, a blank line, @bad and @good`);
  return { code: file.replace(/\.ts$/, ''), area, summary: summary.trim(), bad, good };
}
