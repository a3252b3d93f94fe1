import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inc } from 'semver';
import { version } from '../../package.json';
import { type Registry, startRegistry } from '../../src/registry/server';
import { expectStatus, run, type Run } from '../acceptance/support/command';
import { machineCore } from '../acceptance/support/core-binary';
import { cleanEnvironment, root } from '../acceptance/support/environment';
import { linkBeside } from '../acceptance/support/project';
import { Deployed } from '../upgrade/deployed';

const minutes = 60_000;
const next = inc(version, 'minor') ?? '';
let top: string;
let clone: string;
let registry: Registry;
beforeAll(async () => {
  top = mkdtempSync(join(tmpdir(), 'repoform-release-'));
  clone = join(top, 'clone');
  git(top, 'clone', '-q', root, clone);
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  appendFileSync(join(clone, '.git/info/exclude'), 'node_modules\n');
  git(clone, 'config', 'user.name', 'Releases');
  git(clone, 'config', 'user.email', 'releases@example.com');
  registry = await startRegistry({ data: join(top, 'registry'), port: 0, closeGraceMs: 0 });
});
afterAll(async () => {
  await registry.close();
  rmSync(top, { recursive: true, force: true });
});

const git = (cwd: string, ...args: string[]): string => execFileSync('git', args, { cwd, encoding: 'utf8' });
const text = (...path: string[]): string => readFileSync(join(clone, ...path), 'utf8');

/** Runs the script in the clone, as `npm run release --` does. */
function release(...args: string[]): Promise<Run> {
  const env = cleanEnvironment(top, { GNUPGHOME: join(top, 'gnupg') });
  return run(join(root, 'node_modules/.bin/tsx'), ['scripts/release/main.ts', ...args], { cwd: clone, env });
}

test('a release cannot be prepared without the tag of the last one, nor backwards; nothing is changed', async () => {
  expect(await release('prepare', next)).toMatchObject({ status: 1, text: expect.stringContaining(`the tag v${version}`) as unknown });
  git(clone, 'tag', `v${version}`);
  expect(await release('prepare', version)).toMatchObject({ status: 1, text: expect.stringContaining('is not newer') as unknown });
  expect(git(clone, 'status', '--porcelain')).toBe('');
});

test(
  'a release is prepared: changelog, version, pages and a fixture for the upgrade tests of later versions',
  async () => {
    if (!/^## Unreleased\n\n- /m.test(text('CHANGELOG.md')))
      writeFileSync(join(clone, 'CHANGELOG.md'), text('CHANGELOG.md').replace('## Unreleased\n', '## Unreleased\n\n- A change.\n'));
    expectStatus(await release('prepare', next), 0);
    expect(text('CHANGELOG.md')).toMatch(new RegExp(`^## Unreleased\n\n## ${next} - \\d{4}-\\d\\d-\\d\\d\n\n- `, 'm'));
    for (const file of ['package.json', 'package-lock.json']) expect((JSON.parse(text(file)) as { version: string }).version).toBe(next);
    expect(text('README.md')).toContain(`version = "${next}"`);
    const build = [join(root, 'node_modules/.bin/tsx'), 'scripts/build.ts'] as const;
    expectStatus(await run(build[0], build.slice(1), { cwd: clone, env: cleanEnvironment(top) }), 0);
    expectStatus(await release('fixture'), 0);
    expect(readdirSync(join(clone, 'test/upgrade', next)).sort()).toEqual(readdirSync(join(root, 'test/upgrade', version)).sort());
    expect(text('test/upgrade', next, 'terraform.lock.hcl')).toContain(`version     = "${next}"`);
  },
  6 * minutes,
);

test(
  'what is not committed or tagged is not released; the rest is checked, packed, described and signed',
  async () => {
    const refused = await release('--dry-run', '--out', join(top, 'out'));
    expect(refused.status).toBe(1);
    expect(refused.text).toContain('the working copy has changes; commit them');
    expect(refused.text).toContain(`HEAD does not have the tag v${next}`);
    expect(existsSync(join(top, 'out'))).toBe(false);
    git(clone, 'add', '-A');
    git(clone, 'commit', '-qm', `release ${next}`);
    git(clone, 'tag', `v${next}`);

    const key = signingKey();
    const { text: told } = expectStatus(await release('--dry-run', '--out', join(top, 'out'), '--sign', key), 0);
    expect(told).toContain('nothing was published');
    expect(readFileSync(join(top, 'out/NOTES.md'), 'utf8')).toMatch(/^(?:### \w+\n\n)?- /);
    const env = cleanEnvironment(top, { GNUPGHOME: join(top, 'gnupg') });
    const must = (command: string, ...args: string[]): Promise<Run> =>
      run(command, args, { cwd: join(top, 'out'), env }).then((it) => expectStatus(it, 0));
    expect((await must('sha256sum', '-c', 'SHA256SUMS')).text).toBe(`repoform-${next}.tgz: OK\nrepoform-${next}.cdx.json: OK\n`);
    expect((await must('gpg', '--verify', 'SHA256SUMS.asc')).text).toContain('Good signature from "releases@example.com"');
    expectBillOfMaterials();
  },
  4 * minutes,
);

/** Makes a key that signs. */
function signingKey(): string {
  const home = join(top, 'gnupg');
  mkdirSync(home, { mode: 0o700 });
  const args = ['--batch', '--quiet', '--passphrase', '', '--quick-generate-key', 'releases@example.com', 'ed25519', 'sign', 'never'];
  execFileSync('gpg', args, { env: { ...process.env, GNUPGHOME: home }, stdio: 'ignore' });
  return 'releases@example.com';
}

interface Bom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: { readonly purl: string; readonly name: string } };
  readonly components: readonly {
    readonly 'bom-ref': string;
    readonly purl: string;
    readonly hashes: unknown[];
    readonly licenses: unknown[];
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** It has what the notices of the package have, each with a digest and a licence, and nothing that is only used to build. */
function expectBillOfMaterials(): void {
  const bom = JSON.parse(readFileSync(join(top, 'out', `repoform-${next}.cdx.json`), 'utf8')) as Bom;
  expect(bom).toMatchObject({
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    metadata: { component: { name: 'repoform', purl: `pkg:npm/repoform@${next}` } },
  });
  const refs = bom.components.map((component) => component['bom-ref']).sort();
  expect(refs).toEqual([...text('dist/NOTICES.md').matchAll(/^## (\S+) (\S+) \(/gm)].map(([, name, of]) => `${name}@${of}`).sort());
  expect(refs).toEqual(expect.arrayContaining([expect.stringMatching(/^zod@/), expect.stringMatching(/^fastify@/)] as unknown[]));
  expect(refs.filter((ref) => /^(typescript|jest|vitepress|esbuild)@/.test(ref))).toEqual([]);
  expect(bom.components.filter(({ hashes, licenses }) => hashes.length === 0 || licenses.length === 0)).toEqual([]);
  const known = new Set([...refs, `repoform@${next}`]);
  expect(bom.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]).filter((ref) => !known.has(ref))).toEqual([]);
}

test(
  'publint and attw see what is wrong with a package',
  async () => {
    const folder = join(top, 'broken');
    mkdirSync(folder);
    execFileSync('tar', ['-xzf', join(top, 'out', `repoform-${next}.tgz`), '-C', folder]);
    const file = join(folder, 'package/package.json');
    const about = JSON.parse(readFileSync(file, 'utf8')) as { exports: Record<string, { import: { types: string; default: string } }> };
    Object.assign(about.exports['./bkrepo']?.import ?? {}, { types: './lib/cdktf/bkrepo.d.ts' });
    Object.assign(about.exports['./constructs']?.import ?? {}, { default: './lib/cdktf/missing.mjs' });
    writeFileSync(file, JSON.stringify(about));
    execFileSync('tar', ['-czf', join(top, 'broken.tgz'), '-C', folder, 'package']);
    const script = `import { packageProblems } from ${JSON.stringify(join(root, 'scripts/release/check-package'))};
void packageProblems(${JSON.stringify(join(top, 'broken.tgz'))}).then((problems) => console.log(problems.join('\\n')));`;
    writeFileSync(join(top, 'check.ts'), script);
    const { text: told } = expectStatus(
      await run(join(root, 'node_modules/.bin/tsx'), ['check.ts'], { cwd: top, env: cleanEnvironment(top) }),
      0,
    );
    expect(told).toMatch(/^publint: .*missing\.mjs.*does not exist/m);
    expect(told).toMatch(/^attw: \/lib\/cdktf\/bkrepo\.d\.ts: Masquerading as CJS$/m);
    expect(told).not.toContain('./artifactapi');
  },
  minutes,
);

test(
  'it is published to a registry, and what the last release deployed plans empty with it',
  async () => {
    const body = JSON.stringify({ name: 'npm', package_type: 'npm', repo_type: 'local' });
    expect((await fetch(`${registry.url}/api/v2/remotes`, { method: 'POST', body })).status).toBe(201);
    const place = `${registry.url}/api/v1/local/npm/`;
    writeFileSync(join(top, 'home/.npmrc'), `${place.replace('http:', '')}:_authToken=anonymous\nregistry=${place}\n`);
    expectStatus(await release('--out', join(top, 'out'), '--registry', place, '--no-provenance'), 0);

    const project = join(top, 'project');
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), '{ "private": true }');
    expectStatus(
      await run('npm', ['install', '--no-audit', '--no-fund', '--legacy-peer-deps', 'repoform'], {
        cwd: project,
        env: cleanEnvironment(top),
      }),
      0,
    );
    const modules = join(project, 'node_modules');
    expect((JSON.parse(readFileSync(join(modules, 'repoform/package.json'), 'utf8')) as { version: string }).version).toBe(next);
    linkBeside(modules);
    await Deployed.use({ release: version, core: machineCore(), modules }, async (deployed) => {
      await deployed.synthesize();
      expect(deployed.lock.split(`version     = "${next}"`)).toHaveLength(4);
      await deployed.expectEmptyPlan();
    });
  },
  6 * minutes,
);

test('the workflow runs what is here', () => {
  const scripts = Object.keys((JSON.parse(text('package.json')) as { scripts: object }).scripts);
  const lines = [...text('.github/workflows/release.yml').matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name);
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.filter((name) => !scripts.includes(name ?? ''))).toEqual([]);
});
