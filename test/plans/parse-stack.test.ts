import { Fn, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { inspect } from 'node:util';
import { LocalNpm, RemoteNpm, Virtual } from '../../constructs/artifactapi';
import { LocalRepository, Project, VirtualRepository } from '../../constructs/bkrepo';
import { UNKNOWN } from '../../src/common/value';
import { linksOf } from '../../src/plans/links';
import { parseStack } from '../../src/plans/parse-stack';
import type { Declared, Stack } from '../../src/plans/plan';
import { Secret } from '../../src/plans/value';
import { known } from './fixtures/fixtures';

function stackOf(build: (stack: TerraformStack) => void): Stack {
  const stack = new TerraformStack(Testing.app(), 's');
  build(stack);
  return read(Testing.synth(stack));
}

function read(text: string): Stack {
  const parsed = parseStack(text, 's', known);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.value;
}

const at = (stack: Stack, address: string): Declared => stack.objects.find((object) => object.address === address) as Declared;

test('a synthesized stack has its values, with defaults, references followed, and what is not known yet', () => {
  const stack = stackOf((scope) => {
    const password = new TerraformVariable(scope, 'password', { sensitive: true });
    const npm = new RemoteNpm(scope, 'npm', {
      name: 'npm',
      baseUrl: 'https://npm.example.com',
      username: 'ci',
      passwordWo: password.stringValue,
    });
    const own = new LocalNpm(scope, 'own', { name: 'own', description: 'costs $${5}' });
    new LocalNpm(scope, 'made', { name: Fn.join('-', [own.name, 'made']) });
    new Virtual(scope, 'all', { name: 'all', packageType: 'npm', members: [own.name, npm.name] });
  });
  expect(at(stack, 'artifactapi_virtual.all').values).toMatchObject({
    name: 'all',
    members: ['own', 'npm'],
    url: UNKNOWN,
    description: '',
  });
  expect(at(stack, 'artifactapi_remote_npm.npm').values).toMatchObject({
    patterns: [],
    password: null,
    password_wo: UNKNOWN,
    mutable_ttl: UNKNOWN,
  });
  expect(at(stack, 'artifactapi_local_npm.made').values).toMatchObject({ name: UNKNOWN, force_destroy: false });
  expect(at(stack, 'artifactapi_local_npm.own').values).toMatchObject({ description: 'costs ${5}' });
  expect([...at(stack, 'artifactapi_remote_npm.npm').written]).toEqual(
    expect.arrayContaining([
      ['name', 'literal'],
      ['password_wo', 'expression'],
    ]),
  );
});

test('objects are linked by reference, also where a name is not known yet', () => {
  const stack = stackOf((scope) => {
    for (const id of ['one', 'two']) {
      const project = new Project(scope, id, { name: id, displayName: id });
      const npm = new LocalRepository(scope, `${id}-npm`, { project: project.projectId, name: 'npm', type: 'NPM' });
      new VirtualRepository(scope, `${id}-all`, {
        project: project.projectId,
        name: 'all',
        type: 'NPM',
        members: [{ project: npm.project, name: npm.name }],
      });
    }
  });
  const links = linksOf(stack).map(({ from, path, to }) => [from.address, path, to?.address]);
  expect(links).toContainEqual(['bkrepo_local_repository.two-npm', 'project', 'bkrepo_project.two']);
  expect(links).toContainEqual(['bkrepo_virtual_repository.one-all', 'members[0].name', 'bkrepo_local_repository.one-npm']);
  expect(links).toContainEqual(['bkrepo_virtual_repository.two-all', 'members[0].name', 'bkrepo_local_repository.two-npm']);
});

test('a literal secret is known to be one, and is not shown', () => {
  const npm = { name: 'npm', base_url: 'https://npm.example.com', username: 'ci', password: 's3cret-word' };
  const stack = read(
    JSON.stringify({
      provider: {
        artifactapi: [
          { endpoint: 'http://artifacts.example.com', token: 's3cret-token' },
          { alias: 'east', token: '${var.token}' },
        ],
      },
      resource: { artifactapi_remote_npm: { npm } },
    }),
  );
  const { values, written } = at(stack, 'artifactapi_remote_npm.npm');
  expect([values['password'], written.get('password')]).toEqual([expect.any(Secret), 'literal']);
  expect(stack.providers).toMatchObject([
    { name: 'artifactapi', values: { endpoint: 'http://artifacts.example.com', token: expect.any(Secret) as Secret } },
    { name: 'artifactapi', alias: 'east', values: { token: UNKNOWN } },
  ]);
  const shown = [...stack.objects, ...stack.providers].map((one) => one.values);
  expect(inspect(shown, { depth: 20, showHidden: true }) + JSON.stringify(shown)).not.toContain('s3cret');
});

test('resources of other providers are there without values, and so are types that a provider does not have', () => {
  const json = {
    terraform: { required_providers: { artifactapi: { source: 'mirror.example.com/repoform/artifactapi' } }, backend: { s3: {} } },
    resource: {
      aws_s3_bucket: { logs: { bucket: 'logs' } },
      artifactapi_remote_npm: { npm: { name: 'npm', base_url: '${artifactapi_remote_npm.npm.name}' } },
      artifactapi_remote_future: { x: { name: 'x', '//': { metadata: { path: 's/x', uniqueId: 'x' } } } },
    },
  };
  const stack = read(JSON.stringify(json));
  expect(stack.backend).toBe('s3');
  expect(stack.objects.map(({ address, source, known: type, values }) => [address, source, type?.definition.type, values['name']])).toEqual(
    [
      ['aws_s3_bucket.logs', 'aws', undefined, undefined],
      ['artifactapi_remote_npm.npm', 'mirror.example.com/repoform/artifactapi', 'artifactapi_remote_npm', 'npm'],
      ['artifactapi_remote_future.x', 'mirror.example.com/repoform/artifactapi', undefined, undefined],
    ],
  );
  expect(at(stack, 'artifactapi_remote_future.x').construct).toBe('s/x');
  const foreign = read(JSON.stringify({ ...json, terraform: { required_providers: { artifactapi: { source: 'unkin/artifactapi' } } } }));
  expect(foreign.objects.every((object) => object.known === undefined)).toBe(true);
});

test.each([
  ['{"resource":', 'it is not JSON'],
  ['[]', 'it is not an object'],
  [`{"resource":${'{"x":'.repeat(8000)}1${'}'.repeat(8001)}`, 'its values are nested more than 500 levels deep'],
])('what is no stack is told, case %#', (text, problem) => {
  expect(parseStack(text, 's', known)).toEqual({ problem: expect.stringContaining(problem) as string });
});
