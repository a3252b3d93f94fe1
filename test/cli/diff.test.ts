import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/cli/program';

const home = process.cwd();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'repoform-diff-'));
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => jest.restoreAllMocks());

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in this process. */
async function diff(...args: string[]): Promise<Outcome> {
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    jest.spyOn(process[name], 'write').mockImplementation((text) => {
      // The reporter of the tests writes there, too.
      if (!/ of \d+ test files after /.test(String(text))) printed[name] += String(text);
      return true;
    });
  process.exitCode = 0;
  const code = await run(['diff', ...args]);
  const ended = { code: code || Number(process.exitCode), ...printed };
  process.exitCode = 0;
  jest.restoreAllMocks();
  return ended;
}

const fixture = join(__dirname, '../plans/fixtures/terraform-1.15.json');
const expected = (name: string): string => readFileSync(join(__dirname, '../diff', name), 'utf8').replace('registry', () => fixture);

/** Writes a file into the folder where the command runs. */
const lay = (name: string, text: string): void => writeFileSync(join(folder, name), text);

test('describes a plan in JSON, in each format, and exits with 2 only if asked to', async () => {
  const [text, markdown] = [await diff(fixture), await diff(fixture, '--format', 'markdown', '--exit-code')];
  // The name at the top is that of the file.
  expect(text).toEqual({ code: 0, stdout: expected('expected.txt'), stderr: '' });
  expect({ ...markdown, stdout: markdown.stdout.split('\n').slice(3) }).toEqual({
    code: 2,
    stdout: expected('expected.md').split('\n').slice(3),
    stderr: '',
  });
  const { code, stdout } = await diff(fixture, '--format', 'json');
  expect([code, (JSON.parse(stdout) as { version: number }).version]).toEqual([0, 1]);
});

test('several plans are one comment in a file, and text besides', async () => {
  lay('same.json', '{"format_version":"1.2","terraform_version":"1.11.4"}');
  const { code, stdout, stderr } = await diff('same.json', fixture, '--format', 'markdown', '--out', 'diff.md', '--exit-code');
  expect([code, stderr]).toEqual([2, '']);
  expect(stdout).toBe(
    `same.json\n\nNothing changes.\n\n${expected('expected.txt')}\n1 of 2 stacks change: 1 to create, 8 to update, 2 to replace, 3 to delete, 1 to import, 1 to move, 1 to forget.\n`,
  );
  const markdown = readFileSync(join(folder, 'diff.md'), 'utf8');
  expect(markdown).toMatch(/^<!-- repoform diff -->\n\n1 of 2 stacks change: /);
  expect(markdown).toMatch(/\n\nNothing changes in `same\.json`\.\n$/);
  expect(await diff(fixture, '--out', 'no/such/folder')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^repoform: no\/such\/folder cannot be written: ENOENT/) as string,
  });
});

test('what a plan must not do exits with 3', async () => {
  expect(await diff(fixture, '--fail-on', 'loses', '--fail-on', 'expires', '--exit-code')).toMatchObject({
    code: 3,
    stderr: '--fail-on loses: the plan has a change under "Deletes artifacts"\n',
  });
  expect(await diff(fixture, '--fail-on', 'expires', '--exit-code')).toMatchObject({ code: 2, stderr: '' });
  expect(await diff(fixture, '--fail-on', 'lost')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^repoform: unknown section "lost" in --fail-on; expected one of loses, replaces, opens, /) as string,
  });
});

test('a plan is kept under a name, and only where it is made', async () => {
  expect(await diff(fixture, '--save-plan', 'plan.tfplan')).toMatchObject({
    code: 1,
    stderr: `repoform: --save-plan plan.tfplan is for a plan that is made, and ${fixture} is one already; omit it\n`,
  });
  for (const name of ['../plan', 'a/b', '.', '', 'plan.tf', '.env', 'terraform.tfstate', 'terraform.tfstate.backup', 'x.auto.tfvars'])
    expect(await diff('--save-plan', name)).toMatchObject({
      code: 1,
      stderr: `repoform: --save-plan ${name}: expected the name of a file in the folder of each stack, e.g. plan.tfplan\n`,
    });
});

test('a plan without changes exits with 0', async () => {
  lay('same.json', '{"format_version":"1.2","terraform_version":"1.11.4"}');
  expect(await diff('same.json', '--exit-code')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/\n\nNothing changes\.\n$/) as string,
  });
});

test('a plan that failed exits with 1, whatever it has', async () => {
  lay('failed.json', JSON.stringify({ ...(JSON.parse(readFileSync(fixture, 'utf8')) as object), errored: true }));
  const { code, stdout } = await diff('failed.json', '--exit-code');
  expect([code, stdout]).toEqual([1, expect.stringContaining('Planning failed; this is only a part of what would change.') as string]);
});

test('a plan with nothing of ours is counted', async () => {
  const change = { actions: ['delete'], before: { secret: 'hunter2' }, after: null };
  const resource = {
    address: 'aws_s3_bucket.b',
    mode: 'managed',
    type: 'aws_s3_bucket',
    name: 'b',
    provider_name: 'registry.terraform.io/hashicorp/aws',
    change,
  };
  lay('foreign.json', JSON.stringify({ format_version: '1.2', resource_changes: [resource] }));
  const outcome: Outcome = await diff('foreign.json', '--exit-code', '--format', 'markdown');
  expect(outcome).toEqual({
    code: 2,
    stdout: expect.stringMatching(
      /^<!-- repoform diff -->\n\n### `.*foreign\.json`: changes\n\nResources of other providers: 1 to delete\.\n$/,
    ) as string,
    stderr: '',
  });
});

test.each<[string, string[], string | RegExp]>([
  ['an unknown option', ['--nope'], /^repoform: unknown option '--nope'; see "repoform diff --help"\n$/],
  ['an unknown format', ['--format', 'html'], /argument 'html' is invalid\. Allowed choices are text, markdown, json/],
  [
    'a file that is not there',
    ['plan.out'],
    /^repoform: there is no file or folder "plan\.out", and no app \(cdktf\.json\) that could have a stack of that name\n$/,
  ],
  ['a folder without anything', [], /^repoform: \S+ has neither a CDK app/],
  [
    'a corrupt plan',
    ['corrupt.json'],
    /^repoform: .*corrupt\.json cannot be read as a plan: it is neither a saved plan nor JSON, or it was cut off\n$/,
  ],
  ['a timeout that is none', ['corrupt.json', '--timeout', 'soon'], /^repoform: --timeout: "soon" is not a duration/],
  [
    'options for a plan that is there',
    ['corrupt.json', '--', '-refresh-only'],
    /^repoform: -refresh-only is for a plan that is made, and corrupt\.json is one already; omit it\n$/,
  ],
  ['a core that is not there', ['--dir', 'hcl', '--core-binary', './terraform-9'], /^repoform: "\.\/terraform-9" is not an executable/],
])('%s is one line and exit code 1, not 2', async (_, args, stderr) => {
  mkdirSync(join(folder, 'hcl'), { recursive: true });
  lay('hcl/main.tf', '');
  lay('corrupt.json', '{"format_version":"1.2","resource_changes":[{"addr');
  expect(await diff(...args)).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(stderr) as string });
});

test('a plan that fails writes why, in place of what an earlier run wrote', async () => {
  lay('cdktf.json', JSON.stringify({ app: 'echo "error \\`\\`\\` TS2322: no" >&2; exit 3' }));
  for (const [format, expected] of [
    ['markdown', /^<!-- repoform diff -->\n\n\*\*The plan failed\.\*\*[^]*\n````\nerror ``` TS2322: no\n````\n$/],
    ['text', /^The plan failed: the app cannot be synthesized/],
    ['json', /"error": "the app cannot be synthesized/],
  ] as const) {
    lay('diff.out', 'Nothing changes.');
    expect((await diff('--format', format, '--out', 'diff.out')).code).toBe(1);
    expect(readFileSync(join(folder, 'diff.out'), 'utf8')).toMatch(expected);
  }
});

test('an app that cannot be synthesized is told of with all that it printed, one that hangs is stopped', async () => {
  lay('cdktf.json', JSON.stringify({ app: 'echo "first line" >&2; echo "error TS2322: no" >&2; exit 3' }));
  expect(await diff()).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'repoform: the app cannot be synthesized: "echo "first line" >&2; echo "error TS2322: no" >&2; exit 3" exited with 3\nfirst line\nerror TS2322: no\n',
  });
  lay('cdktf.json', JSON.stringify({ app: 'echo started >&2; sleep 600' }));
  const started = Date.now();
  expect(await diff('--timeout', '1s')).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'repoform: synthesizing (echo started >&2; sleep 600) took more than 1 s and was stopped; raise the limit with --timeout\nstarted\n',
  });
  expect(Date.now() - started).toBeLessThan(15_000);
  lay('cdktf.json', JSON.stringify({ app: 'true' }));
  expect((await diff('x')).stderr).toMatch(/cdktf\.out has no synthesized stacks; "true" wrote none\n$/);
});
