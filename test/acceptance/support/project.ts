import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Registry, startRegistry } from '../../../src/registry/server';
import { expectStatus, run, type Run } from './command';
import { type CoreBinary, machineCore } from './core-binary';
import { built, cleanEnvironment, root } from './environment';

/** The folder of modules that a user has after installing the packed package beside the peers and tools that they choose. */
export interface Modules {
  readonly folder: string;
  remove(): void;
}

const beside = ['cdktf', 'cdktn', 'cdktf-cli', 'constructs', 'tsx', 'typescript', '@types', '.bin'];

/** Packs this package and unpacks it, as `npm install` would without a network, beside links to the peers and to further tools. */
export function installPacked(tools: readonly string[] = []): Modules {
  for (const path of ['dist/repoform.js', 'dist/provider/terraform-provider-artifactapi', 'lib/cdktf/artifactapi.js']) built(path);
  const top = mkdtempSync(join(tmpdir(), 'repoform-packed-'));
  const folder = join(top, 'node_modules');
  mkdirSync(folder);
  addPacked(folder, root);
  linkBeside(folder, tools);
  return { folder, remove: () => rmSync(top, { recursive: true, force: true }) };
}

/** Links the peers, and further tools, into a folder of modules. */
export function linkBeside(folder: string, tools: readonly string[] = []): void {
  for (const name of [...beside, ...tools]) {
    rmSync(join(folder, name), { recursive: true, force: true });
    symlinkSync(join(root, 'node_modules', name), join(folder, name));
  }
}

/** Packs the package in a folder and unpacks it among the modules of a user. */
export function addPacked(modules: string, from: string): void {
  const top = join(modules, '..');
  const { name } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as { readonly name: string };
  execFileSync('tar', ['-xzf', from === root ? ownTarball(top) : packedIn(top, from), '-C', top]);
  mkdirSync(dirname(join(modules, name)), { recursive: true });
  renameSync(join(top, 'package'), join(modules, name));
}

function packedIn(top: string, from: string): string {
  const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', top];
  return join(top, execFileSync('npm', args, { cwd: from, env: cleanEnvironment(top), encoding: 'utf8' }).trim());
}

/** This package, packed once in a run of the tests. */
function ownTarball(top: string): string {
  const tarball = join(process.env['REPOFORM_SCRATCH'] ?? top, 'repoform.tgz');
  if (!existsSync(tarball)) {
    // Another suite may be about to do the same.
    const folder = mkdtempSync(join(dirname(tarball), 'pack-'));
    renameSync(packedIn(folder, root), tarball);
  }
  return tarball;
}

/** A folder that holds only what a user writes, beside a registry. */
export class Project {
  constructor(
    readonly folder: string,
    readonly registry: Registry,
    readonly core: CoreBinary = machineCore(),
  ) {}

  /** A path in the folder. */
  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** Writes a file, with the folders it needs. */
  write(name: string, text: string): void {
    mkdirSync(join(this.path(name), '..'), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  /** Runs the command `cdktf` of the installed packages. */
  cdktf(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run> {
    return this.run('node_modules/.bin/cdktf', args, env);
  }

  /** Runs a command of the installed packages, which has to work. */
  async must(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run> {
    return expectStatus(await this.cdktf(args, env), 0);
  }

  /** Runs any command in the folder. */
  run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run> {
    return run(command, args, {
      cwd: this.folder,
      env: cleanEnvironment(this.folder, {
        CI: '1',
        ARTIFACTAPI_ENDPOINT: this.registry.url,
        TERRAFORM_BINARY_NAME: this.core.path,
        ...env,
      }),
    });
  }

  /** The names of the remotes and locals on a registry. */
  async repositories(registry = this.registry): Promise<string[]> {
    const answer = (await (await fetch(`${registry.url}/api/v2/remotes`)).json()) as { name: string }[] | null;
    return (answer ?? []).map(({ name }) => name).sort();
  }
}

/** What a project starts with. */
export interface Start {
  readonly modules: Modules;
  /** The text of `main.ts`. */
  readonly main: string;
  readonly core: CoreBinary;
}

/** Runs something in a project that is gone afterwards. */
export async function inProject({ modules, main, core }: Start, recipe: (project: Project) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'repoform-project-'));
  const registry = await startRegistry({ data: join(folder, 'home/registry'), port: 0, strict: true, closeGraceMs: 0 });
  const project = new Project(folder, registry, core);
  symlinkSync(modules.folder, project.path('node_modules'));
  project.write('cdktf.json', '{ "language": "typescript", "app": "npx tsx main.ts" }\n');
  project.write('package.json', '{ "name": "try", "private": true }\n');
  project.write('main.ts', main);
  try {
    await recipe(project);
  } finally {
    await registry.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
