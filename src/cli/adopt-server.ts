import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { adopt, type Adoption } from '../adopt/adopt';
import { environmentName } from '../handler/configuration';
import { ProviderHandler } from '../handler/provider-handler';
import type { ProviderDefinition } from '../schema/define/provider';
import { fieldsOf } from '../schema/define/shape';
import type { AdoptOptions } from './adopt';
import { existingApp } from './adopt-existing';
import { adoptedProvider } from './adopt-provider';
import { reportOf } from './adopt-report';
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

function endpointOf(provider: ProviderDefinition, given: string | undefined): { variable: string; url: string } {
  const field = fieldsOf(provider.attributes).find(({ name }) => name === 'endpoint');
  const variable = field ? environmentName(provider, field) : '';
  const url = given ?? process.env[variable];
  if (url !== undefined && url !== '' && !/^https?:\/\//i.test(url))
    throw new Failure(`"${url}" is not a base URL; it must start with http:// or https://`);
  if (url === undefined || url === '') throw new Failure(`the server's base URL is missing; pass --endpoint, or set ${variable}`);
  return { variable, url };
}

async function connected(provider: ProviderDefinition, endpoint: string): Promise<ProviderHandler> {
  const handler = new ProviderHandler(provider, { env: process.env, log: () => undefined });
  const unset = Object.fromEntries(fieldsOf(provider.attributes).map(({ name }) => [name, null]));
  const { diagnostics } = await handler.configure({ config: { ...unset, endpoint }, terraformVersion: '' });
  const problem = diagnostics.find(({ severity }) => severity === 'error');
  if (problem) throw new Failure(problem.detail);
  return handler;
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
