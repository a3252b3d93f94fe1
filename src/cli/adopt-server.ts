import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { adopt, type Adoption } from '../adopt/adopt';
import type { AdoptOptions } from './adopt';
import { existingApp } from './adopt-existing';
import { adoptedProvider } from './adopt-provider';
import { reportOf } from './adopt-report';
import { connected, endpointOf } from './connected';
import { Failure } from './failure';

const partly = 3;

/** Adopts what a server has; answers the exit code. */
export async function adoptServer(backend: string, options: AdoptOptions): Promise<number> {
  const adopted = await adoptedProvider(backend);
  const { definition: provider } = adopted;
  const out = options.out === undefined ? undefined : resolve(options.out);
  if (out === undefined && !options.dryRun) throw new Failure('--out is missing; name the folder to write to, or add --dry-run');
  const existing = out === undefined ? undefined : await existingApp(out, options.out ?? '');
  if (existing && options.format === 'hcl')
    throw new Failure(`${options.out} contains an app in TypeScript; omit --format, or choose another folder with --out`);
  const core = existing?.core ?? options.core;
  const endpoint = endpointOf(provider, options.endpoint);
  const handler = await connected(provider, endpoint.url);
  try {
    const adoption = await adopt({
      ...options,
      provider,
      handler,
      endpoint,
      selection: {
        types: options.type ?? [],
        include: options.include ?? [],
        exclude: options.exclude ?? [],
        readsThatWrite: options.readAccessModes ?? false,
      },
      core: { name: core, module: adopted.module(core) },
      dependencies: adopted.dependencies(out ?? '.'),
      installOption: adopted.installOption,
      ...(existing && { existing }),
      progress: (type, count) => count > 0 && process.stderr.write(`${type}: ${count}\n`),
    });
    if (adoption.adopted + adoption.managed === 0) throw new Failure(nothingAt(endpoint.url, adoption));
    if (out !== undefined && !options.dryRun) write(out, adoption.files, existing === undefined);
    process.stdout.write(reportOf(adoption, { ...options, core }));
    return adoption.leftOut.some(({ isObject }) => isObject) ? partly : 0;
  } finally {
    handler.stop();
    await handler.end();
  }
}

/** Why there is nothing: nothing is there, or nothing that is there is wanted. */
function nothingAt(url: string, { leftOut, unwanted }: Adoption): string {
  if (unwanted > 0)
    return `nothing to adopt: ${unwanted === 1 ? 'one object is' : `${unwanted} objects are`} at ${url}, but --include and --exclude select none of their import ids`;
  const [first] = leftOut.filter(({ isObject }) => isObject);
  return `nothing to adopt at ${url}${first ? `; ${first.what}: ${first.why}` : ''}`;
}

/** Writes new files, all or none: as a folder that was new or empty when the server was read, or beside what an app has. */
function write(out: string, files: ReadonlyMap<string, string>, isNew: boolean): void {
  mkdirSync(dirname(out), { recursive: true });
  const beside = mkdtempSync(`${out}.`);
  try {
    for (const [path, text] of files) writeFileSync(join(beside, path), text);
    const present = existsSync(out) ? readdirSync(out) : [];
    const [taken] = isNew ? present : present.filter((name) => files.has(name));
    if (taken !== undefined)
      throw new Failure(`${join(out, taken)} was not there when the server was read; nothing was written. Adopt again`);
    if (!isNew) return [...files.keys()].forEach((path) => renameSync(join(beside, path), join(out, path)));
    chmodSync(beside, 0o777 & ~process.umask());
    // Fails if something comes into it at this moment.
    if (existsSync(out)) rmdirSync(out);
    renameSync(beside, out);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}
