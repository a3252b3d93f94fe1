import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkCommand, type CheckOptions } from '../../src/cli/check/command';
import { runCheck } from '../../src/cli/check/run';
import { type Registry, startRegistry } from '../../src/registry/server';
import { stackText } from '../checks/stacks';

let folder: string;
let before: string;
beforeAll(() => {
  before = process.cwd();
  folder = mkdtempSync(join(tmpdir(), 'repoform-check-'));
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

let [said, told] = ['', ''];
beforeEach(() => {
  [said, told] = ['', ''];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((said += String(text))));
  // The reporter of the tests writes there, too.
  const isProgress = (text: string): boolean => / of \d+ test files after /.test(text);
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => isProgress(String(text)) || Boolean((told += String(text))));
});
afterEach(() => jest.restoreAllMocks());

/** Runs the command; the options that are not given are those of the command line. */
const run = (what: string | undefined, given: Partial<CheckOptions> = {}): Promise<number> =>
  runCheck(what, { ...checkCommand().opts<CheckOptions>(), ...given });

const open = { artifactapi_remote_generic: { files: { name: 'files', base_url: 'https://files.example.com' } } };
const empty = { artifactapi_virtual: { all: { name: 'all', package_type: 'helm', members: [] } } };

const manifestText = (more = {}): string => JSON.stringify({ stacks: { registry: { workingDirectory: 'stacks/registry', ...more } } });

/** Writes a synthesized stack; answers the output folder. */
function synthesized(name: string, text: string): string {
  mkdirSync(join(name, 'stacks/registry'), { recursive: true });
  writeFileSync(join(name, 'manifest.json'), manifestText());
  writeFileSync(join(name, 'stacks/registry/cdk.tf.json'), text);
  return name;
}

describe('the exit code', () => {
  test.each([
    ['of a warning is 0', open, {}, 0],
    ['of a warning is 1 with --fail-on warning', open, { failOn: 'warning' }, 1],
    ['of an error is 1', empty, {}, 1],
    ['of an error is 0 with --fail-on never', empty, { failOn: 'never' }, 0],
    ['of an error is 0 if its rule is left out', empty, { except: ['empty-virtual'] }, 0],
  ] as const)('%s', async (...[, resources, options, code]) => {
    expect(await run(synthesized('out', stackText(resources)), options)).toBe(code);
  });
});

describe('what cannot be checked is one line, with status 2', () => {
  test('an output folder without stacks, or with stacks in HCL', async () => {
    const output = synthesized('in-hcl', '{}');
    rmSync(join(output, 'stacks/registry/cdk.tf.json'));
    expect([await run(output), told]).toEqual([2, 'repoform: the output folder has no synthesized stacks; synthesize the app again\n']);
    writeFileSync(join(output, 'stacks/registry/cdk.tf'), '');
    told = '';
    expect([await run(output), told]).toEqual([2, expect.stringMatching(/^repoform: .*cdk\.tf is in HCL and cannot be read; .*\n$/)]);
  });

  test.each([
    ['a missing file', 'nowhere', {}, /^repoform: there is no file or folder "nowhere"/],
    ['an unknown rule', 'out', { except: ['emty-virtual'] }, /^repoform: unknown rule "emty-virtual"; expected one of /],
    [
      'a missing file of suppressions',
      'out',
      { suppressions: 'no.json' },
      /^repoform: there is no file no\.json; correct --suppressions\n$/,
    ],
    ['a missing module of rules', 'out', { rules: ['no.js'] }, /^repoform: there is no file no\.js; name a module that exports rules\n$/],
    [
      'an endpoint of an unknown provider',
      'out',
      { endpoint: ['acme=http://a'] },
      /^repoform: unknown provider "acme" in --endpoint; expected one/,
    ],
    ['an endpoint that is no URL', 'out', { endpoint: ['a.example.com'] }, /^repoform: --endpoint: "a\.example\.com" is not a URL/],
    ['a folder that cannot be written', 'out', { out: 'no/report' }, /^repoform: no\/report cannot be written: ENOENT/],
  ] as const)('%s', async (...[, what, options, text]) => {
    synthesized('out', stackText(open));
    expect(await run(what, options as Partial<CheckOptions>)).toBe(2);
    expect(told).toMatch(text);
    expect(told.split('\n')).toHaveLength(2);
  });

  test('a stack that was cut off', async () => {
    expect(await run(synthesized('cut', stackText(open).slice(0, 80)))).toBe(2);
    expect(told).toBe(
      'repoform: cut/stacks/registry/cdk.tf.json cannot be checked: it is not JSON, or it was cut off; synthesize the app again\n',
    );
  });

  test('an app that fails, with what it says', async () => {
    mkdirSync('broken', { recursive: true });
    writeFileSync(
      'broken/cdktf.json',
      JSON.stringify({ app: `node -e "console.error('TypeError: x is not a function'); process.exit(3)"` }),
    );
    expect(await run('broken')).toBe(2);
    expect(told).toMatch(/^repoform: the app cannot be synthesized: "node .*" exited with 3\nTypeError: x is not a function\n$/);
  });

  test('an app whose constructs have problems, which are not those that rules find', async () => {
    const annotations = [
      { level: '@cdktf/error', constructPath: 'registry/a', message: '"a" lets clients fetch everything. List it. [open-proxy]' },
      { level: '@cdktf/error', constructPath: 'registry/b', message: 'upstream: the attribute "name" is required' },
    ];
    const output = synthesized('faulty', stackText(open));
    writeFileSync(join(output, 'manifest.json'), manifestText({ annotations }));
    expect(await run(output)).toBe(2);
    expect(told).toBe(
      'repoform: the app cannot be synthesized; correct these errors\n  [registry/b] upstream: the attribute "name" is required\n',
    );
  });
});

test('a stack without our provider says so, and is no failure', async () => {
  expect(await run(synthesized('foreign', stackText({ aws_s3_bucket: { files: { bucket: 'files' } } })))).toBe(0);
  expect(told).toBe('no resource of a provider of repoform was found, so there was little to check\n');
  expect(said).toBe('no findings in 0 resources of 1 stack\n');
});

test('positions beside a stack are shown relative to the current folder', async () => {
  const output = synthesized('infra/cdktf.out', stackText(open));
  const positions = { version: 1, root: '../../..', positions: { 'artifactapi_remote_generic.files': 'src/main.ts:7:3' } };
  writeFileSync(join(output, 'stacks/registry/repoform.positions.json'), JSON.stringify(positions));
  await run(output);
  expect(said).toMatch(/^infra\/src\/main\.ts:7:3 warning open-proxy\n/);
});

test('a report goes to a file, and the text is printed', async () => {
  expect(await run(synthesized('out', stackText(open)), { format: 'sarif', out: 'report.sarif' })).toBe(0);
  expect(JSON.parse(readFileSync('report.sarif', 'utf8'))).toMatchObject({
    version: '2.1.0',
    runs: [{ results: [{ ruleId: 'open-proxy' }] }],
  });
  expect(said).toMatch(/1 warning in 1 resource of 1 stack\n$/);
});

test('suppressions of repoform.check.json count, and are external in SARIF', async () => {
  writeFileSync(
    'repoform.check.json',
    JSON.stringify({ suppress: [{ rule: 'open-proxy', address: 'artifactapi_remote_generic.*', reason: 'our own' }] }),
  );
  try {
    expect(await run(synthesized('out', stackText(open)), { format: 'sarif', failOn: 'note' })).toBe(0);
    expect(said).toContain('"kind": "external"');
  } finally {
    rmSync('repoform.check.json');
  }
});

test('rules of a module are run, and can be listed', async () => {
  const rule = `{ code: 'acme-named', summary: 'A name.', severity: 'error', fix: 'Rename it.', checkResource: (r, { report }) => report(r.label) }`;
  writeFileSync('rules.js', `exports.named = ${rule};`);
  expect(await run(synthesized('out', stackText(open)), { rules: ['rules.js'] })).toBe(1);
  expect(said).toMatch(/^registry: artifactapi_remote_generic\.files error acme-named\n {2}"files"\n {2}Rename it\.\n/);
  said = '';
  expect(await run(undefined, { rules: ['rules.js'], listRules: true })).toBe(0);
  expect(said).toMatch(/^banned-tags-not-in-force +error +A container remote lists tags to refuse, but the list is not in force\.\n/);
  expect(said).toMatch(/\nacme-named +error +A name\.\n$/);
});

test('a provider of a team is checked with its definition', async () => {
  const module = join(__dirname, '../../examples/custom-provider/src/provider.ts');
  const text = JSON.stringify({
    terraform: { required_providers: { crew: { source: 'registry.terraform.io/example/crew' } } },
    provider: { crew: [{ endpoint: 'http://api.example.com', token: '${var.token}' }] },
    resource: { crew_team: { one: { name: 'platform' }, two: { name: 'platform' } } },
  });
  expect(await run(synthesized('own', text), { format: 'json' })).toBe(0);
  said = '';
  expect(await run('own', { format: 'json', provider: [module] })).toBe(1);
  const { findings, summary } = JSON.parse(said) as { findings: { code: string; address: string }[]; summary: { resources: number } };
  expect([summary.resources, findings.map(({ code, address }) => `${code} ${address}`)]).toEqual([
    2,
    ['credentials-over-http provider.crew', 'duplicate-object crew_team.two'],
  ]);
});

describe('plans', () => {
  const fixture = (name: string): string => join(__dirname, '../plans/fixtures', `${name}.json`);

  test.each(['terraform-1.11', 'terraform-1.15', 'opentofu-1.12'])('of %s are checked', async (name) => {
    expect([0, 1]).toContain(await run(fixture(name), { format: 'json' }));
    const { summary, findings } = JSON.parse(said) as { summary: { resources: number; stacks: number }; findings: { address: string }[] };
    expect(summary.stacks).toBe(1);
    expect(summary.resources).toBeGreaterThan(5);
    expect(findings.length).toBeGreaterThan(0);
  });

  test('of a later format are refused', async () => {
    writeFileSync('later.json', JSON.stringify({ format_version: '2.0' }));
    expect(await run('later.json')).toBe(2);
    expect(told).toMatch(
      /^repoform: .*later\.json cannot be read as a plan: its format is "2\.0", but only 1\.x can be read; update repoform/,
    );
  });
});

describe('with a server', () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await startRegistry({ data: join(folder, 'data'), backends: ['artifactapi'], port: 0, closeGraceMs: 0 });
    for (const name of ['full', 'empty']) {
      const local = { name, package_type: 'generic', repo_type: 'local' };
      await fetch(`${registry.url}/api/v2/remotes`, { method: 'POST', body: JSON.stringify(local) });
    }
    await fetch(`${registry.url}/api/v2/remotes/full/files/tool/1.0.0/tool.tar.gz`, { method: 'PUT', body: 'x' });
  });
  afterAll(() => registry.close());

  const local = (name: string) => ({ name, force_destroy: true });
  const text = stackText({
    artifactapi_local_generic: { full: local('full'), empty: local('empty'), absent: local('absent') },
    artifactapi_local_npm: { npm: { name: 'npm' } },
  });
  const addresses = (): string[] => [...said.matchAll(/^registry: (\S+) \w+ (\S+)$/gm)].map(([, address, code]) => `${code} ${address}`);

  test('only repositories that hold files are reported, and what the server serves is not', async () => {
    expect(await run(synthesized('locals', text))).toBe(0);
    expect(addresses()).toEqual([
      'force-destroy artifactapi_local_generic.full',
      'force-destroy artifactapi_local_generic.empty',
      'force-destroy artifactapi_local_generic.absent',
      'unserved-repository artifactapi_local_npm.npm',
    ]);
    said = '';
    expect(await run('locals', { endpoint: [registry.url] })).toBe(0);
    expect(addresses()).toEqual(['force-destroy artifactapi_local_generic.full']);
    expect(said).toContain('a delete of "full" also deletes what it holds: a file, e.g. "tool/1.0.0/tool.tar.gz"');
  });

  test('a server that does not answer leaves its checks open', async () => {
    process.env['ARTIFACTAPI_MAX_RETRIES'] = '0';
    try {
      expect(await run('locals', { endpoint: ['artifactapi=http://127.0.0.1:9'], format: 'json' })).toBe(0);
    } finally {
      delete process.env['ARTIFACTAPI_MAX_RETRIES'];
    }
    const { findings, notChecked } = JSON.parse(said) as { findings: unknown[]; notChecked: { why: string; detail: string }[] };
    expect(findings).toEqual([]);
    expect(notChecked).toHaveLength(4);
    expect(notChecked.every(({ why, detail }) => why === 'server' && detail.includes('127.0.0.1:9'))).toBe(true);
  });
});
