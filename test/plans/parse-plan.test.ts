import { inspect } from 'node:util';
import { UNKNOWN } from '../../src/common/value';
import { linksOf } from '../../src/plans/links';
import { parsePlan } from '../../src/plans/parse-plan';
import type { Change } from '../../src/plans/plan';
import { Secret } from '../../src/plans/value';
import { fixtures, fixtureText, known, planIn } from './fixtures/fixtures';

const secrets = /(npm|partner)-password-[12]|correct-horse/;

/** What the configuration in `after.tf` does to what is in `before.tf`. */
const actions = {
  'artifactapi_local_file.readme': 'delete',
  'artifactapi_local_generic.builds': 'delete',
  'artifactapi_local_helm.charts': 'replace',
  'artifactapi_local_npm.own': 'none',
  'artifactapi_remote_alpine.alpine': 'none',
  'artifactapi_remote_goproxy.go': 'none',
  'artifactapi_remote_helm.charts': 'delete',
  'artifactapi_remote_npm.github': 'create',
  'artifactapi_remote_npm.npm': 'update',
  'artifactapi_remote_pypi.partner': 'update',
  'artifactapi_remote_pypi.pypi': 'update',
  'artifactapi_remote_rpm.kept': 'forget',
  'artifactapi_virtual.npm': 'update',
  'bkrepo_local_repository.npm': 'none',
  'bkrepo_local_repository.releases': 'update',
  'bkrepo_permission.builders': 'replace',
  'bkrepo_project.payments': 'none',
  'bkrepo_remote_repository.npmjs': 'none',
  'bkrepo_repository_access_mode.releases': 'update',
  'bkrepo_user.builder': 'update',
  'bkrepo_virtual_repository.all': 'update',
  'terraform_data.revision': 'update',
};

test('plans of Terraform and of OpenTofu are committed', () => {
  expect(fixtures).toEqual(['opentofu-1.12', 'terraform-1.11', 'terraform-1.15']);
});

describe.each(fixtures)('the plan of %s', (name) => {
  const plan = planIn(fixtureText(name));
  const at = (address: string): Change => plan.changes.find(({ object }) => object.address === address) as Change;

  test('says what happens to every object', () => {
    expect(Object.fromEntries(plan.changes.map(({ object, action }) => [object.address, action]))).toEqual(actions);
    expect(plan).toMatchObject({ errored: false, incomplete: false, coreVersion: expect.stringMatching(/^1\.\d+\.\d+$/) as string });
    expect(at('artifactapi_remote_goproxy.go').movedFrom).toBe('artifactapi_remote_goproxy.old');
    expect(at('artifactapi_remote_alpine.alpine').importId).toBe('alpine');
    expect(at('artifactapi_local_helm.charts').replacePaths).toEqual([['name']]);
    expect(plan.drift.map(({ object, before, after }) => [object.address, before?.['patterns'], after?.['patterns']])).toEqual([
      ['artifactapi_remote_npm.npm', ['^@acme/'], ['^@acme/', '^left-pad/']],
    ]);
  });

  test('has the objects that are there afterwards, with their definitions', () => {
    const after = Object.entries(actions).flatMap(([address, action]) => (/delete|forget/.test(action) ? [] : [address]));
    expect(plan.objects.map(({ address }) => address)).toEqual(after);
    expect(plan.objects.filter((object) => !object.known).map(({ type, values }) => [type, values])).toEqual([['terraform_data', {}]]);
    expect(at('bkrepo_permission.builders').object.known?.key).toEqual(['project', 'resource_type', 'name']);
  });

  test('knows what is known after apply', () => {
    expect(at('bkrepo_permission.builders').after).toMatchObject({ id: UNKNOWN, users: ['builder', UNKNOWN], repositories: ['npm'] });
    expect(at('bkrepo_permission.builders').before).toMatchObject({ users: ['builder'], actions: ['DOWNLOAD', 'READ'] });
  });

  test('keeps secrets to itself', () => {
    expect(fixtureText(name)).toMatch(secrets);
    const shown = [...plan.changes, ...plan.drift].map(({ object: { known: _, ...object }, ...change }) => ({ ...change, object }));
    expect(JSON.stringify(shown)).not.toMatch(secrets);
    expect(inspect(shown, { depth: 20, showHidden: true })).not.toMatch(secrets);
    const { before, after } = at('artifactapi_remote_pypi.partner');
    const [old, next] = [before?.['password'] as Secret, after?.['password'] as Secret];
    expect([old instanceof Secret, next instanceof Secret, `${old}`, old.equals(next)]).toEqual([true, true, '(sensitive value)', false]);
  });

  test('says which attributes the configuration sets, and how', () => {
    expect(at('artifactapi_remote_pypi.partner').object.written.get('password')).toBe('expression');
    expect(at('bkrepo_user.builder').object.written.get('password_wo')).toBe('literal');
    expect(at('artifactapi_remote_helm.charts').object.written.size).toBe(0);
    expect(plan.providers.map((one) => [one.name, one.known?.title])).toContainEqual(['bkrepo', 'BK-Repo']);
  });

  test('links objects that name each other', () => {
    const links = linksOf(plan).map(({ from, path, value, to }) => [from.address, path, value, to?.address]);
    expect(links).toEqual(
      expect.arrayContaining([
        ['artifactapi_virtual.npm', 'members[0]', 'npm', 'artifactapi_remote_npm.npm'],
        ['bkrepo_virtual_repository.all', 'members[0].name', 'npmjs', 'bkrepo_remote_repository.npmjs'],
        ['bkrepo_local_repository.npm', 'project', 'payments', 'bkrepo_project.payments'],
        ['bkrepo_permission.builders', 'users[0]', 'builder', 'bkrepo_user.builder'],
      ]),
    );
    expect(links).toContainEqual(['bkrepo_permission.builders', 'repositories[0]', 'npm', 'bkrepo_local_repository.npm']);
  });
});

test('values that the plan marks are secrets, also where the definition does not say so', () => {
  const json = JSON.parse(fixtureText('terraform-1.15')) as { resource_changes: { address: string; change: Record<string, unknown> }[] };
  const npm = json.resource_changes.find(({ address }) => address === 'artifactapi_remote_npm.npm');
  Object.assign(npm?.change ?? {}, { after_sensitive: { description: true, patterns: true }, before_sensitive: true });
  const { before, after } = planIn(JSON.stringify(json)).changes.find(
    ({ object }) => object.address === 'artifactapi_remote_npm.npm',
  ) as Change;
  expect([after?.['description'], after?.['patterns']]).toEqual([expect.any(Secret), expect.any(Secret)]);
  expect(after?.['name']).toBe('npm');
  expect(before?.['name']).toEqual(expect.any(Secret));
});

test('values that the definition calls sensitive are secrets, also where the plan does not say so', () => {
  const text = fixtureText('terraform-1.15').replace(/"(before|after)_sensitive":(true|false|\{)/g, '"$1_other":$2');
  expect(text).toContain('partner-password-2');
  const { before, after } = planIn(text).changes.find(({ object }) => object.address === 'artifactapi_remote_pypi.partner') as Change;
  expect([before?.['password'], after?.['password'], after?.['name']]).toEqual([expect.any(Secret), expect.any(Secret), 'partner']);
});

const changed = (change: object): string => JSON.stringify({ ...(JSON.parse(fixtureText('terraform-1.15')) as object), ...change });

/** A plan with a value that is nested so deeply. */
const nested = (depth: number): string =>
  changed({ variables: 'HERE' }).replace('"HERE"', `{"x":{"value":${'['.repeat(depth)}${']'.repeat(depth)}}}`);

test.each([
  ['', 'it is empty'],
  ['{"format_version":"1.2","resource_ch', 'it is neither a saved plan nor JSON, or it was cut off'],
  ['[]', 'it has no "format_version"'],
  ['null', 'it has no "format_version"'],
  ['{"format_version":"1.0","values":{}}', 'it is a state, not a plan'],
  ['{"version":4,"serial":1,"lineage":"x"}', 'it is a state file, not a plan'],
  ['{"@level":"info","@message":"x"}\n{"@level":"info"}', 'it is the log that "plan -json" prints'],
  [changed({ format_version: '2.0' }), 'its format is "2.0", but only 1.x can be read'],
  [changed({ format_version: '0.1' }), 'its format is "0.1"'],
  [nested(8000), 'its values are nested more than 500 levels deep'],
  [changed({ resource_changes: [{ address: 'x' }] }), 'resource_changes.0.mode'],
  [
    changed({ resource_changes: [{ address: 'a.b', mode: 'managed', type: 'a', name: 'b', change: { actions: ['explode'] } }] }),
    'it has the unknown action "explode"; update repoform',
  ],
])('what is no plan is told apart, case %#', (text, problem) => {
  expect(parsePlan(text, known)).toEqual({ problem: expect.stringContaining(problem) as string });
});

test('values may be nested as deep as any configuration is', () => {
  expect(planIn(nested(400)).changes).toHaveLength(planIn(changed({})).changes.length);
});

test('a plan that failed, and one that defers changes, say so', () => {
  expect(planIn(changed({ errored: true, complete: false }))).toMatchObject({ errored: true, incomplete: true });
  const [first] = (JSON.parse(fixtureText('terraform-1.15')) as { resource_changes: object[] }).resource_changes;
  const plan = planIn(changed({ resource_changes: [], deferred_changes: [{ reason: 'provider_config_unknown', resource_change: first }] }));
  expect(plan.changes.map(({ deferred }) => deferred)).toEqual(['provider_config_unknown']);
});
