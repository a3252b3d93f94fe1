import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { adopt, type Adoption } from '../../adopt/adopt';
import { CutOff, isLost } from '../../adopt/estate';
import { globOf } from '../../common/glob';
import { environmentName } from '../../handler/configuration';
import type { ProviderDefinition } from '../../schema/define/provider';
import { fieldsOf } from '../../schema/define/shape';
import type { AdoptOptions } from './command';
import { type ExistingApp, existingApp } from './existing';
import { Interruption } from './interruption';
import { AdoptMemory } from './memory';
import { AdoptProgress } from './progress';
import { type AdoptedProvider, adoptedProvider } from './provider';
import { reportOf } from './report';
import { baseUrl, connected, endpointOf } from '../connected';
import { Failure, Misuse } from '../failure';

const partly = 3;

/** Adopts what a server has; answers the exit code. */
export async function adoptServer(backend: string, options: AdoptOptions): Promise<number> {
  const out = options.out === undefined ? undefined : resolve(options.out);
  if (out === undefined && !options.dryRun) throw new Misuse('--out is missing; name the folder to write to, or add --dry-run');
  const provider = await adoptedProvider(backend);
  checkTypes(provider.definition, options.type ?? []);
  const interruption = new Interruption();
  try {
    const existing = out === undefined ? undefined : await existingApp(out, options.out ?? '');
    if (existing && options.format === 'hcl')
      throw new Misuse(`${options.out} contains an app in TypeScript; omit --format, or choose another folder with --out`);
    const endpoint = endpointOf(provider.definition, options.endpoint);
    const warnings: string[] = [];
    const adoption = await crawl({ provider, endpoint, out, existing, warnings }, options, interruption);
    if (interruption.code !== 0) return interruption.code;
    if (adoption.adopted + adoption.managed === 0) throw new Failure(nothingAt(endpoint.url, adoption, warnings));
    for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
    if (out !== undefined && !options.dryRun) write(out, adoption.files, existing === undefined);
    process.stdout.write(reportOf(adoption, { ...options, core: existing?.core ?? options.core }));
    return adoption.leftOut.some(isLost) ? partly : 0;
  } catch (thrown) {
    if (interruption.code === 0) throw thrown;
    process.stderr.write(`repoform: interrupted; nothing was written${thrown instanceof CutOff ? `. ${goOn}` : ''}\n`);
    return interruption.code;
  } finally {
    interruption.end();
  }
}

const goOn = 'Run the command again within an hour to go on; what was read is not asked for again';

interface Crawl {
  readonly provider: AdoptedProvider;
  readonly endpoint: { readonly variable: string; readonly url: string };
  readonly out: string | undefined;
  readonly existing: ExistingApp | undefined;
  /** Gets what the configuration warns of. */
  readonly warnings: string[];
}

/** Reads the server and makes the files. */
async function crawl(
  { provider, endpoint, out, existing, warnings }: Crawl,
  options: AdoptOptions,
  interruption: Interruption,
): Promise<Adoption> {
  const { definition } = provider;
  const core = existing?.core ?? options.core;
  const handler = await connected(definition, endpoint.url, { warn: (detail) => void warnings.push(detail) });
  interruption.signal.addEventListener('abort', () => handler.stop());
  const memory = new AdoptMemory([definition.name, endpoint.url, ...settings(definition)]);
  const progress = new AdoptProgress();
  if (memory.size > 0)
    process.stderr.write(
      `going on where the last run was cut off: ${memory.size === 1 ? 'one object is' : `${memory.size} objects are`} known\n`,
    );
  try {
    const adoption = await adopt({
      ...options,
      provider: definition,
      handler,
      endpoint,
      moveTo: movedTo(options.moveTo, endpoint.url),
      selection: {
        types: options.type ?? [],
        include: options.include ?? [],
        exclude: options.exclude ?? [],
        readsThatWrite: options.readAccessModes ?? false,
      },
      core: { name: core, module: provider.module(core) },
      dependencies: provider.dependencies(out ?? '.'),
      installOption: provider.installOption,
      ...(existing && { existing }),
      memory: progress.watching(memory),
      progress: (type, count) => progress.type(type, count),
    });
    memory.forget();
    return adoption;
  } catch (thrown) {
    if (!(thrown instanceof CutOff) || interruption.code !== 0 || memory.isEmpty) throw thrown;
    throw new Failure(`${thrown.message} Nothing was written. ${goOn}`);
  } finally {
    progress.stop();
    handler.stop();
    await handler.end();
  }
}

/** What the environment sets that is no secret, such as the user: another one may be shown other objects. */
const settings = (provider: ProviderDefinition): string[] =>
  fieldsOf(provider.attributes).flatMap((field) => {
    const variable = environmentName(provider, field);
    return field.facts.sensitive ? [] : [`${variable}=${process.env[variable] ?? ''}`];
  });
/** The base URL of the server to move to; nothing if objects stay where they are. */
function movedTo(url: string | undefined, from: string): string | undefined {
  if (url === undefined) return undefined;
  if (url.replace(/\/+$/, '') === from.replace(/\/+$/, ''))
    throw new Misuse(`--move-to is the server itself, ${url}; omit it to import what is there`);
  return baseUrl('--move-to', url);
}

/** Every selection of types has to mean some: one that means none is mistyped. */
function checkTypes({ name, resources }: ProviderDefinition, globs: readonly string[]): void {
  const wrong = globs.find((glob) => !resources.some(({ type }) => globOf(glob).test(type)));
  if (wrong === undefined) return;
  throw new Misuse(
    `--type: unknown type "${wrong}"; expected one of ${resources.map(({ type }) => type).join(', ')}, or a glob such as ${name}_*`,
  );
}

/** Why there is nothing: the server cannot be read, nothing is there, or nothing that is there is wanted. */
function nothingAt(url: string, { leftOut, unwanted }: Adoption, warnings: readonly string[]): string {
  if (unwanted > 0)
    return `nothing to adopt: ${unwanted === 1 ? 'one object is' : `${unwanted} objects are`} at ${url}, but --include and --exclude select none of their import ids`;
  const [lost, ...more] = leftOut.filter(isLost);
  const [warning] = warnings;
  // Without credentials the server's own words mislead: BK-Repo misses a parameter then.
  if (lost?.about === 'list') return `cannot read ${url}: ${warning ?? lost.why}`;
  if (lost)
    return `nothing could be adopted at ${url}; ${lost.what}: ${lost.why}${more.length > 0 ? `; ${more.length} more ${more.length === 1 ? 'was' : 'were'} left out` : ''}`;
  return `nothing to adopt at ${url}, which has no objects of these types${warning === undefined ? '' : `. ${warning}`}`;
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
