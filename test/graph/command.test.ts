import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GraphOptions } from '../../src/cli/graph/command';
import { draw } from '../../src/cli/graph/run';
import { connected } from '../../src/cli/connected';
import { serverEstate } from '../../src/graph/server';
import { Secret } from '../../src/plans/value';
import { artifactapi } from '../../src/resources/artifactapi';
import { graphOf } from '../../src/graph/graph';
import { svgOf } from '../../src/graph/svg';
import { startRegistry } from '../../src/registry/server';
import { fixtureText, planIn } from '../plans/fixtures/fixtures';

let folder: string;
let said: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'repoform-graph-'));
  said = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((said += String(text))));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const run = (what?: string, options: Partial<GraphOptions> = {}) => draw(what, { synth: true, timeout: 60, ...options });
const plan = join(__dirname, '../plans/fixtures/terraform-1.15.json');

test('a plan is drawn in the format of the file', async () => {
  for (const [name, start] of Object.entries({ 'x.svg': '<svg ', 'x.DOT': 'digraph {', 'x.mmd': 'flowchart LR' })) {
    await run(plan, { out: join(folder, name) });
    expect(readFileSync(join(folder, name), 'utf8').startsWith(start)).toBe(true);
  }
  await run(plan);
  expect(said.startsWith('flowchart LR\n')).toBe(true);
});

test('the picture of the guide is what is drawn', () => {
  const file = join(__dirname, '../../docs/img/graph-plan.svg');
  const picture = svgOf(graphOf('What a plan changes', [planIn(fixtureText('terraform-1.15'))]));
  if (process.env['UPDATE'] === '1') writeFileSync(file, picture);
  expect(readFileSync(file, 'utf8')).toBe(picture);
});

test('the stacks that an app synthesized are drawn without running it', async () => {
  writeFileSync(join(folder, 'cdktf.json'), JSON.stringify({ app: 'exit 1' }));
  await expect(run(folder)).rejects.toThrow('the app cannot be synthesized: "exit 1" exited with 1');
  await expect(run(folder, { synth: false })).rejects.toThrow('has no synthesized stacks');
});

test('a live server is drawn, with its secrets left out', async () => {
  const registry = await startRegistry({ data: join(folder, 'data'), backends: ['artifactapi'], port: 0, closeGraceMs: 0 });
  try {
    const post = (path: string, body: object) => fetch(registry.url + path, { method: 'POST', body: JSON.stringify(body) });
    const npm = { name: 'npmjs', package_type: 'npm', base_url: 'https://npm.example.com', username: 'ci', password: 'hush-hush' };
    await post('/api/v2/remotes', npm);
    await post('/api/v2/virtuals', { name: 'all', package_type: 'npm', members: ['npmjs'] });
    await run(undefined, { server: 'artifactapi', endpoint: registry.url });
    expect(said).toContain('n0["all<br/>virtual npm"]\n    n1["npmjs<br/>remote npm"]');
    expect(said).toContain('n0 --> n1');
    expect(said).not.toContain('hush-hush');
    const handler = await connected(artifactapi, registry.url);
    const { estate } = await serverEstate(artifactapi, handler);
    await handler.end();
    const values = estate.objects.find(({ name }) => name === 'npmjs')?.values;
    expect([values?.['username'], values?.['password']]).toEqual(['ci', expect.any(Secret)]);
  } finally {
    await registry.close();
  }
});

test.each<[string, string | undefined, Partial<GraphOptions>, RegExp]>([
  ['an unknown ending', plan, { out: 'x.png' }, /no format is known for the file name x\.png; add --format/],
  ['a folder that does not exist', plan, { out: '/nowhere/x.svg' }, /cannot write \/nowhere\/x\.svg: .*; choose another file with --out/],
  ['an endpoint without a server', plan, { endpoint: 'http://localhost' }, /--endpoint requires --server/],
  ['a server and a plan', plan, { server: 'artifactapi' }, /with --server, nothing else can be drawn/],
  ['an unknown backend', undefined, { server: 'nexus' }, /unknown backend "nexus"/],
  ['a server without an endpoint', undefined, { server: 'bkrepo' }, /pass --endpoint, or set BKREPO_ENDPOINT/],
  ['nothing', join(__dirname, 'none'), {}, /there is no file or folder/],
])('%s is an error', async (_what, ...[what, options, message]) => {
  await expect(run(what, options)).rejects.toThrow(message);
  expect(existsSync('x.png')).toBe(false);
});

test('a plan without anything of ours is an error', async () => {
  const file = join(folder, 'plan.json');
  writeFileSync(file, JSON.stringify({ format_version: '1.2', resource_changes: [] }));
  await expect(run(file)).rejects.toThrow('there is nothing to draw');
});
