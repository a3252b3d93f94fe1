import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Registry, startRegistry } from '../../../src/registry/server';
import { built, cleanEnvironment, root } from '../../acceptance/support/environment';
import { startStateServer, type StateServer } from '../../support/state-server';
import { type CodeHost, startCodeHost } from './code-host';
import { type Guard, startGuard } from './guard';

/** What a pipeline meets: the app in a repository, a registry, a server for states, a code host, and an npm that installs what is packed. */
export interface World {
  readonly folder: string;
  /** The repository: the example, with a lock file as `npm install` would have left it. */
  readonly repository: string;
  readonly registry: Registry;
  readonly guard: Guard;
  readonly states: StateServer;
  readonly host: CodeHost;
  /** The environment of any machine that runs jobs: commands, no settings. */
  readonly env: NodeJS.ProcessEnv;
  /** Another empty folder. */
  place(name: string): string;
  close(): Promise<void>;
}

/** The secrets of the states. */
export const PLANNER = { username: 'planner', password: 'planner-password-of-the-states' };
export const DEPLOYER = { username: 'deployer', password: 'deployer-password-of-the-states' };
/** What the partner's server asks for. */
export const PARTNER_PASSWORD = 'password-of-the-partner';

/** What must not be in an artifact, a log or a comment. */
export const secrets = [PLANNER.password, DEPLOYER.password, PARTNER_PASSWORD];

export async function startWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'repoform-pipelines-'));
  const registry = await startRegistry({ data: join(folder, 'registry'), backends: ['artifactapi'], port: 0, closeGraceMs: 0 });
  const guard = await startGuard(registry.url);
  const states = await startStateServer();
  const host = await startCodeHost(states);
  const repository = join(folder, 'repository');
  cpSync(join(root, 'examples/pipelines'), repository, { recursive: true });
  writeFileSync(join(repository, 'package-lock.json'), '{}\n');
  const bin = commandsIn(folder, packed(folder), host);
  let places = 0;
  return {
    folder,
    repository,
    registry,
    guard,
    states,
    host,
    env: cleanEnvironment(folder, { PATH: [bin, process.env['PATH']].join(delimiter), CI: 'true' }),
    place(name) {
      const place = join(folder, `${(places += 1)}-${name}`);
      mkdirSync(place);
      return place;
    },
    async close() {
      guard.close();
      host.close();
      await states.close();
      await registry.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The folder of modules that `npm ci` leads to. */
function packed(folder: string): string {
  for (const path of ['dist/repoform.js', 'lib/cdktf/artifactapi.js']) built(path);
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  const tarball = execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
    cwd: root,
    env: cleanEnvironment(folder),
    encoding: 'utf8',
  });
  execFileSync('tar', ['-xzf', join(folder, tarball.trim()), '-C', modules]);
  execFileSync('mv', [join(modules, 'package'), join(modules, 'repoform')]);
  for (const name of ['cdktf', 'constructs', 'jest', 'ts-jest', 'tsx', 'typescript', '@types'])
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  for (const name of ['jest', 'tsc', 'tsx']) symlinkSync(join(root, 'node_modules/.bin', name), join(modules, '.bin', name));
  symlinkSync('../repoform/dist/repoform.js', join(modules, '.bin/repoform'));
  return modules;
}

/** Commands that would use the network: `npm ci`, which needs the lock file, and `gh`, which is the real one if the machine has it. */
function commandsIn(folder: string, modules: string, host: CodeHost): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const npm = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
  const commands = {
    npm: `if [ "$1" = ci ]; then [ -f package-lock.json ] && exec ln -sfn '${modules}' node_modules; fi\nexec '${npm}' "$@"`,
    gh: `http_proxy='${host.url}' GH_HOST=github.localhost PATH=\${PATH#*:} exec gh "$@"`,
  };
  for (const [name, text] of Object.entries(commands)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return bin;
}
