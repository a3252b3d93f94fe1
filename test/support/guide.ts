import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectStatus, run, type Run } from '../acceptance/support/command';
import { cleanEnvironment, root } from '../acceptance/support/environment';
import type { CoreBinary } from '../acceptance/support/core-binary';

/** The code blocks in a language under a heading of a guide, as they are written, without the indentation of a list. */
export function codeUnder(guide: string, heading: string, language: string): string[] {
  const text = readFileSync(join(root, 'docs/guides', `${guide}.md`), 'utf8');
  const section = new RegExp(`^#+ ${heading}\\n([\\s\\S]*?)(?=^#+ |$(?![\\s\\S]))`, 'm').exec(
    text.replace(/^(```[\s\S]*?^```)/gm, hideHashes),
  )?.[1];
  if (section === undefined) throw new Error(`the guide ${guide} has no section "${heading}"`);
  return [...section.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``, 'gm'))].map(([, indent = '', code = '']) =>
    code.replace(new RegExp(`^${indent}`, 'gm'), '').replaceAll(HASH, '#'),
  );
}

/** A comment of a script at the start of a line is no heading. */
const HASH = '\u0001';
const hideHashes = (block: string): string => block.replace(/^#/gm, HASH);

/** Where the commands of a guide run, and what they name. */
export interface Reader {
  readonly folder: string;
  /** The folder of modules that `npm install` leads to. */
  readonly modules: string;
  readonly core: CoreBinary;
  /** What the guide's servers are here, e.g. `https://artifacts.example.com`. */
  readonly servers: Readonly<Record<string, string>>;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a block of commands as a reader would paste it, and says yes to every question. */
export async function follow(reader: Reader, script: string, status = 0): Promise<Run> {
  const { core, folder, modules, servers, env } = reader;
  const named = Object.entries(servers).reduce((text, [name, url]) => text.replaceAll(name, url), script);
  const commands = `
    npm() { [ "$1" = install ] && ln -sfn '${modules}' node_modules; }
    npx() {
      case "$1" in
        repoform) shift; node '${join(modules, 'repoform/dist/repoform.js')}' "$@" ;;
        cdktf) shift; if [ "$1" = deploy ]; then set -- "$@" --auto-approve; fi; command '${join(modules, '.bin/cdktf')}' "$@" ;;
        *) return 99 ;;
      esac
    }
    terraform() { command '${core.path}' "$@" < <(yes yes); }
    tofu() { terraform "$@"; }
    set -euo pipefail
    ${named}`;
  const settings = cleanEnvironment(folder, { CI: '1', TERRAFORM_BINARY_NAME: core.path, ...env });
  return expectStatus(await run('bash', ['-c', commands], { cwd: folder, env: settings }), status);
}
