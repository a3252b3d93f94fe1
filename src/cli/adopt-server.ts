import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { adopt, type Adoption } from '../adopt/adopt';
import { environmentName } from '../handler/configuration';
import { ProviderHandler } from '../handler/provider-handler';
import { loaders } from '../resources/load';
import type { ProviderDefinition } from '../schema/define/provider';
import { fieldsOf } from '../schema/define/shape';
import type { AdoptOptions } from './adopt';
import { Failure } from './failure';

const partly = 3;

/** Adopts what a server has; answers the exit code. */
export async function adoptServer(backend: string, options: AdoptOptions): Promise<number> {
  const provider = providerNamed(backend);
  const out = options.out === undefined ? undefined : resolve(options.out);
  if (out === undefined && !options.dryRun) throw new Failure('--out is missing; name the folder to write, or add --dry-run');
  if (out !== undefined && existsSync(out) && readdirSync(out).length > 0)
    throw new Failure(`${options.out} is not empty, and nothing in it is overwritten; choose another folder with --out`);
  const endpoint = endpointOf(provider, options.endpoint);
  const handler = await connected(provider, endpoint.url);
  try {
    const adoption = await adopt({
      ...options,
      provider,
      handler,
      endpoint,
      selection: {
        types: options.type,
        include: options.include,
        exclude: options.exclude,
        readsThatWrite: options.readAccessModes ?? false,
      },
      core: { name: options.core, module: options.core === 'cdktf' ? `repoform/${backend}` : `repoform/cdktn/${backend}` },
      progress: (type, count) => count > 0 && process.stderr.write(`${type}: ${count}\n`),
    });
    if (adoption.adopted === 0)
      throw new Failure(`nothing to adopt at ${endpoint.url}${adoption.leftOut.map(({ what, why }) => `; ${what}: ${why}`).join('')}`);
    if (out !== undefined && !options.dryRun) writeAll(out, adoption.files);
    process.stdout.write(report(adoption, options));
    return adoption.leftOut.some(({ what }) => what.includes(' ')) ? partly : 0;
  } finally {
    handler.stop();
    await handler.end();
  }
}

function providerNamed(backend: string): ProviderDefinition {
  const load = Object.hasOwn(loaders, backend) ? loaders[backend] : undefined;
  if (!load) throw new Failure(`there is no backend "${backend}"; there are ${Object.keys(loaders).join(', ')}`);
  return load();
}

function endpointOf(provider: ProviderDefinition, given: string | undefined): { variable: string; url: string } {
  const field = fieldsOf(provider.attributes).find(({ name }) => name === 'endpoint');
  const variable = field ? environmentName(provider, field) : '';
  const url = given ?? process.env[variable];
  if (url === undefined || url === '') throw new Failure(`the server's base URL is missing; give it with --endpoint, or set ${variable}`);
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

/** Writes all files or none: into a folder beside, which then takes the name. */
function writeAll(out: string, files: ReadonlyMap<string, string>): void {
  const beside = `${out}.partial`;
  rmSync(beside, { recursive: true, force: true });
  for (const [path, text] of files) {
    mkdirSync(dirname(join(beside, path)), { recursive: true });
    writeFileSync(join(beside, path), text);
  }
  if (existsSync(out)) rmSync(out, { recursive: true });
  renameSync(beside, out);
}

function report({ adopted, leftOut, files, secrets, readSingly }: Adoption, { out, dryRun, core }: AdoptOptions): string {
  const lines = [
    `${dryRun ? 'Would write' : 'Wrote'} ${adopted === 1 ? 'one object' : `${adopted} objects`} in ${files.size} files${out === undefined ? '' : ` to ${out}`}:`,
    ...[...files.keys()].map((path) => `  ${path}`),
    ...(secrets.length > 0
      ? [
          '',
          `Secrets, which no server tells, are variables; unset, they stay as they are: ${secrets.map((name) => `TF_VAR_${name}`).join(', ')}`,
        ]
      : []),
    ...(readSingly.length > 0 ? ['', `Read one by one, because their lists lack fields: ${readSingly.join(', ')}`] : []),
    ...(leftOut.length > 0 ? ['', 'Left out:', ...leftOut.map(({ what, why }) => `  ${what}: ${why}`)] : []),
    ...(dryRun || out === undefined ? [] : ['', 'Next:', `  cd ${out}`, '  npm install', `  npx ${core} deploy`]),
  ];
  return `${lines.join('\n')}\n`;
}
