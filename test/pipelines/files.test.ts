import type * as cdktf from 'cdktf';
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { guideTexts, withFiles } from '../../scripts/docs/included-files';
import { root } from '../acceptance/support/environment';
import { describeClient } from '../clients/support';
import { readWorkflow, unmapped } from './support/github';
import { filled } from './support/github-expressions';

const example = join(root, 'examples/pipelines');
const file = join(example, '.github/workflows/registries.yml');
const guide = readFileSync(join(root, 'docs/guides/pipelines.md'), 'utf8');

test('guides show the files of the examples as they are; npm run docs writes them', () => {
  for (const [path, text] of guideTexts()) expect([path, text]).toEqual([path, withFiles(text)]);
  const shown = [...guide.matchAll(/^\[`[^`]+`\]\(\.\.\/\.\.\/(examples\/[^)]+)\):\n\n```\w+\n./gm)].map(([, name]) => name);
  const names = [
    'main.ts',
    'stacks.ts',
    '.github/workflows/registries.yml',
    '.gitlab-ci.yml',
    'state/http.ts',
    'state/pg.ts',
    'state/s3.ts',
  ];
  expect(shown).toEqual(names.map((name) => `examples/pipelines/${name}`));
  expect(guide).toContain(`\`\`\`text\n${readFileSync(join(example, '.gitignore'), 'utf8')}\`\`\``);
});

type Core = Pick<typeof cdktf, 'Testing' | 'TerraformStack'>;
type StateModule = { keepState(stack: cdktf.TerraformStack): void };

describe.each(['cdktf', 'cdktn'])('with %s', (core) => {
  const address = 'https://state.example.com/registries/packages';
  const backends = {
    http: { address, lock_address: `${address}/lock`, unlock_address: `${address}/lock` },
    pg: { conn_str: 'postgres://state.example.com/terraform?sslmode=verify-full', schema_name: 'registries_packages' },
    s3: { bucket: 'acme-terraform-state', key: 'registries/packages.tfstate', region: 'eu-central-1', encrypt: true, use_lockfile: true },
  };
  test.each(Object.entries(backends))('the state of a stack is kept at %s', (name, settings) => {
    jest.isolateModules(() => {
      const { Testing, TerraformStack } = jest.requireActual<Core>(core);
      jest.doMock('cdktf', () => jest.requireActual<object>(core));
      const { keepState } = jest.requireActual<StateModule>(join(example, 'state', name));
      const stack = new TerraformStack(Testing.app(), 'packages');
      keepState(stack);
      expect(JSON.parse(Testing.synth(stack))).toMatchObject({ terraform: { backend: { [name]: settings } } });
      jest.dontMock('cdktf');
    });
  });
});

describeClient('actionlint', (actionlint) => {
  test('finds nothing in the workflow', async () => {
    expect(await actionlint(['-no-color', file])).toBe('');
    const wrong = join(root, 'test/pipelines/wrong-workflow.yml');
    await expect(actionlint(['-no-color', wrong])).rejects.toThrow('property "outptus" is not defined');
  });
});

test("GitHub's own parser finds nothing wrong in the workflow", () => {
  const problems = (text: string): string[] =>
    parseWorkflow({ name: 'registries.yml', content: text }, new NoOperationTraceWriter())
      .context.errors.getErrors()
      .map(({ message }) => message);
  const text = readFileSync(file, 'utf8');
  expect(problems(text)).toEqual([]);
  expect(problems(text.replace('runs-on:', 'run-on:'))).not.toEqual([]);
  expect(problems(text.replace('secrets.STATE_USERNAME', 'secret.STATE_USERNAME'))).not.toEqual([]);
});

test('the tests know every action of the workflow, and each of its inputs', () => {
  const workflow = readWorkflow(file);
  expect(unmapped(workflow)).toEqual([]);
  const [job] = Object.values(workflow.jobs);
  const steps = [{ uses: 'actions/cache@v4' }, { uses: 'actions/checkout@v5', with: { ref: 'x' } }];
  expect(unmapped({ ...workflow, jobs: { other: { ...job, steps } } })).toEqual(['actions/cache@v4', 'actions/checkout@v5: ref']);
});

test('only the label of a pull request lets it lose artifacts, and no job may more than it needs', () => {
  const { jobs, ...workflow } = readWorkflow(file);
  const fails = jobs['preview']?.steps.find(({ env }) => env?.['FAIL_ON'])?.env?.['FAIL_ON'];
  const options = [[], ['other'], ['other', 'loses-artifacts']].map((names) => {
    const labels = names.map((name) => ({ name }));
    return filled(fails, { github: { event: { pull_request: { labels } } } }, { isSuccess: true });
  });
  expect(options).toEqual(['--fail-on loses', '--fail-on loses', '']);
  expect(workflow.permissions).toEqual({ contents: 'read' });
  expect(
    Object.fromEntries(Object.entries(jobs).map(([name, { permissions, environment }]) => [name, [environment, permissions]])),
  ).toEqual({
    verify: [undefined, { contents: 'read', 'security-events': 'write' }],
    preview: ['registries-plan', { contents: 'read', 'pull-requests': 'write' }],
    plan: ['registries-plan', undefined],
    apply: ['registries', {}],
    drift: ['registries-plan', undefined],
  });
});
