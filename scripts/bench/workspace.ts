import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** The top of the repository. */
export const root = join(__dirname, '../..');

/** A provider as it is shipped. */
export const providerFile = (type = 'artifactapi'): string => join(root, `dist/provider/terraform-provider-${type}`);

/** Runs something with a folder of its own, which is gone afterwards; it lies inside the repository so that `node_modules` is found. */
export async function withFolder<T>(run: (folder: string) => Promise<T>, parent = join(root, '.repoform/bench')): Promise<T> {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'run-'));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Bundles a program of this folder, so that no TypeScript loader is measured; packages stay outside. */
export function bundled(folder: string, name: string): string {
  const outfile = join(folder, `${name}.cjs`);
  buildSync({
    entryPoints: [join(__dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'warning',
  });
  return outfile;
}

/** The environment for what is measured: nothing of the user's own settings for Terraform, Node or proxies. */
export function cleanEnvironment(home: string): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: home, TMPDIR: home, LANG: 'C.UTF-8', TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' };
}

/** The machine, for the record. */
export function machine(): string {
  const list = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${list.length} x ${list[0]?.model.trim() ?? 'unknown processor'}, ${memory} GiB, Linux ${release()}, Node ${process.version}`;
}

/** Ends with a message instead of a stack trace; a failure of the bench is the only thing that fails it, never a time. */
export function start(main: () => Promise<void>): void {
  void main().catch((failure: unknown) => {
    process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
    process.exitCode = 1;
  });
}
