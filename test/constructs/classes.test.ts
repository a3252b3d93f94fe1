import { App, Testing, TerraformStack, TerraformOutput, TerraformVariable, type TerraformResource } from 'cdktf';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'cdktf/lib/testing/adapters/jest';
import { problemsOf } from '../../constructs/base/problems';
import * as constructs from '../../constructs/artifactapi';
import { pascalCase, snakeCase } from '../../src/common/names';
import { artifactapi } from '../../src/resources/artifactapi';

Testing.setupJest();

type ResourceClass = (new (scope: TerraformStack, id: string, config: object) => TerraformResource) & {
  readonly tfResourceType: string;
  readonly generateConfigForImport: typeof constructs.RemoteNpm.generateConfigForImport;
};
type Config = Readonly<Record<string, unknown>>;

const classOf = (type: string): ResourceClass =>
  (constructs as unknown as Record<string, ResourceClass>)[pascalCase(type.replace('artifactapi_', ''))] as ResourceClass;
const newStack = (): TerraformStack => new TerraformStack(Testing.app(), 'stack');
const resourcesOf = (stack: TerraformStack): Record<string, Record<string, Config>> =>
  (JSON.parse(Testing.synth(stack)) as { resource: Record<string, Record<string, Config>> }).resource;

/** References stand as `{ ref }` in an example: the resource they name is made first and its attribute read. */
function resolveRefs(stack: TerraformStack, config: Config): Config {
  const resolveOne = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolveOne);
    if (typeof value !== 'object' || value === null || !('ref' in value)) return value;
    const [type, id, attribute] = String(value.ref).split('.') as [string, string, 'name'];
    const example = artifactapi.resources.find((definition) => definition.type === type)?.example.minimal ?? {};
    return (new (classOf(type))(stack, id, example) as unknown as constructs.NamedRepository)[attribute];
  };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, resolveOne(value)]));
}

function expected(config: Config): Config {
  const written = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(written);
    return typeof value === 'object' && value !== null && 'ref' in value ? `\${${String(value.ref)}}` : value;
  };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [snakeCase(key), written(value)]));
}

const examples = artifactapi.resources.flatMap(({ type, example }) =>
  (['minimal', 'full'] as const).map((kind) => ({ type, kind, config: example[kind] })),
);

test('every resource has a class of its name', () => {
  expect(artifactapi.resources.map(({ type }) => classOf(type).tfResourceType)).toEqual(artifactapi.resources.map(({ type }) => type));
});

test.each(examples)('the $kind example of $type synthesizes to exactly its JSON', ({ type, config }) => {
  const stack = newStack();
  new (classOf(type))(stack, 'it', resolveRefs(stack, config));
  expect(resourcesOf(stack)[type]?.['it']).toEqual(expected(config));
  expect(Testing.synth(stack)).toHaveResourceWithProperties(classOf(type), expected(config) as Record<string, unknown>);
});

test.each(examples)('the $kind example of $type synthesizes to HCL with every attribute', ({ type, config }) => {
  const stack = newStack();
  new (classOf(type))(stack, 'it', resolveRefs(stack, config));
  const hcl = Testing.synthHcl(stack).split(`resource "${type}" "it" {`)[1] as string;
  const names = [...hcl.matchAll(/^([a-z0-9_]+) = /gm)].map((match) => match[1]);
  expect(names.sort()).toEqual(Object.keys(config).map(snakeCase).sort());
});

test.each(artifactapi.dataSources.map(({ type, example }) => ({ type, example })))(
  'the example of the data source $type',
  ({ type, example }) => {
    const stack = newStack();
    const dataClass = (constructs as unknown as Record<string, ResourceClass>)[`Data${pascalCase(type)}`] as ResourceClass;
    new dataClass(stack, 'it', resolveRefs(stack, example));
    expect(dataClass.tfResourceType).toBe(type);
    const { data } = JSON.parse(Testing.synth(stack)) as { data: Record<string, Record<string, Config>> };
    expect(data[type]?.['it']).toEqual(expected(example));
  },
);

test.each(artifactapi.resources.map(({ type }) => type))('an import block for %s can be made', (type) => {
  const stack = newStack();
  classOf(type).generateConfigForImport(stack, 'there', 'the-id');
  expect((JSON.parse(Testing.synth(stack)) as { import: unknown }).import).toEqual([{ id: 'the-id', to: `${type}.there` }]);
});

test('a class reads as tokens, takes new values and gives back what it was given', () => {
  const stack = newStack();
  const npm = new constructs.RemoteNpm(stack, 'npm', { name: 'npm', baseUrl: 'https://npm.example.com', mutableTtl: 300 });
  npm.description = 'first';
  npm.mutableTtl = 60;
  npm.patterns = ['^a'];
  expect([npm.descriptionInput, npm.mutableTtlInput, npm.patternsInput, npm.usernameInput]).toEqual(['first', 60, ['^a'], undefined]);
  npm.resetDescription();
  expect(npm.descriptionInput).toBeUndefined();
  new TerraformOutput(stack, 'url', { value: npm.url });
  new TerraformOutput(stack, 'ttl', { value: npm.mutableTtl });
  new TerraformOutput(stack, 'patterns', { value: npm.patterns });
  const json = JSON.parse(Testing.synth(stack)) as { output: unknown; resource: unknown };
  expect(json.output).toEqual({
    url: { value: '${artifactapi_remote_npm.npm.url}' },
    ttl: { value: '${artifactapi_remote_npm.npm.mutable_ttl}' },
    patterns: { value: '${artifactapi_remote_npm.npm.patterns}' },
  });
  expect(json.resource).toEqual({
    artifactapi_remote_npm: { npm: { name: 'npm', base_url: 'https://npm.example.com', mutable_ttl: 60, patterns: ['^a'] } },
  });
});

test('tokens pass everywhere, in JSON and HCL', () => {
  const stack = newStack();
  const text = new TerraformVariable(stack, 'text', { type: 'string' });
  const number = new TerraformVariable(stack, 'number', { type: 'number' });
  const list = new TerraformVariable(stack, 'list', { type: 'list(string)' });
  new constructs.RemoteDocker(stack, 'd', {
    name: text.stringValue,
    baseUrl: text.stringValue,
    mutableTtl: number.numberValue,
    banTagsEnabled: text.booleanValue,
    banTags: list.listValue,
    passwordWo: text.stringValue,
    blocklist: [text.stringValue, 'x'],
  });
  new constructs.Virtual(stack, 'v', { name: 'v', packageType: text.stringValue, members: list.listValue });
  expect(resourcesOf(stack)).toEqual({
    artifactapi_remote_docker: {
      d: {
        name: '${var.text}',
        base_url: '${var.text}',
        mutable_ttl: '${var.number}',
        ban_tags_enabled: '${var.text}',
        ban_tags: '${var.list}',
        password_wo: '${var.text}',
        blocklist: ['${var.text}', 'x'],
      },
    },
    artifactapi_virtual: { v: { name: 'v', package_type: '${var.text}', members: '${var.list}' } },
  });
  const hcl = Testing.synthHcl(stack);
  expect(hcl).toContain('mutable_ttl = "${var.number}"');
  expect(hcl).toContain('ban_tags = "${var.list}"');
});

test('meta-arguments reach the resource', () => {
  const stack = newStack();
  const provider = new constructs.ArtifactapiProvider(stack, 'p', { alias: 'second', installLocally: false });
  const first = new constructs.LocalNpm(stack, 'first', { name: 'first' });
  new constructs.LocalNpm(stack, 'second', { name: 'second', provider, dependsOn: [first], lifecycle: { preventDestroy: true }, count: 2 });
  expect(resourcesOf(stack)['artifactapi_local_npm']?.['second']).toEqual({
    name: 'second',
    provider: 'artifactapi.second',
    depends_on: ['artifactapi_local_npm.first'],
    lifecycle: { prevent_destroy: true },
    count: 2,
  });
});

test('texts with backslashes, quotes, line ends and expressions are written as HCL', () => {
  const stack = newStack();
  new constructs.RemoteNpm(stack, 'npm', {
    name: 'npm',
    baseUrl: 'https://npm.example.com',
    description: 'a "b" \\c\nd ${upper("e")}',
    blocklist: ['\\.exe$', '[a-z]', '{x}', '"q"', '12', 'plain'],
  });
  const hcl = Testing.synthHcl(stack);
  expect(hcl).toContain('description = "a \\"b\\" \\\\c\\nd ${upper("e")}"');
  expect(hcl).toContain('"\\\\.exe$",\n"\\u005ba-z]",\n"\\u007bx}",\n"\\"q\\"",\n"\\u00312",\n"plain",');
});

test('a provider block has its attributes, alias, source and version', () => {
  const stack = newStack();
  new constructs.ArtifactapiProvider(stack, 'p', {
    alias: 'two',
    endpoint: 'http://127.0.0.1:8000',
    headers: [{ name: 'X-Team', value: '${var.team}' }],
    insecureSkipVerify: true,
    installLocally: false,
    source: 'acme/artifactapi',
  });
  const json = JSON.parse(Testing.synth(stack)) as { provider: unknown; terraform: { required_providers: unknown } };
  expect(json.provider).toEqual({
    artifactapi: [
      {
        alias: 'two',
        endpoint: 'http://127.0.0.1:8000',
        headers: [{ name: 'X-Team', value: '${var.team}' }],
        insecure_skip_verify: true,
      },
    ],
  });
  expect(json.terraform.required_providers).toEqual({
    artifactapi: { source: 'registry.terraform.io/acme/artifactapi', version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string },
  });
  expect(Testing.synth(stack)).toHaveProviderWithProperties(constructs.ArtifactapiProvider, { alias: 'two' });
});

test('a reference across stacks goes through an output of the first', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'repoform-stacks-'));
  const app = new App({ outdir, skipValidation: true });
  const [one, two] = [new TerraformStack(app, 'one'), new TerraformStack(app, 'two')];
  const npm = new constructs.RemoteNpm(one, 'npm', { name: 'npm', baseUrl: 'https://npm.example.com' });
  const own = new constructs.RemoteNpm(two, 'npm', { name: 'npm-two', baseUrl: 'https://npm.example.com' });
  const all = new constructs.Virtual(two, 'all', { name: 'all', packageType: 'npm', members: [npm.name] });
  all.addMember(own);
  all.addMember(npm);
  expect(problemsOf(all)).toEqual([expect.stringContaining('of the stack one" is already a member')]);
  all.members = [npm.name, own.name];
  app.synth();
  const json = JSON.parse(readFileSync(join(outdir, 'stacks/two/cdk.tf.json'), 'utf8')) as {
    resource: { artifactapi_virtual: { all: Config } };
  };
  rmSync(outdir, { recursive: true });
  expect(json.resource.artifactapi_virtual.all['members']).toEqual([
    '${data.terraform_remote_state.cross-stack-reference-input-one.outputs.cross-stack-output-artifactapi_remote_npmnpmname}',
    '${artifactapi_remote_npm.npm.name}',
  ]);
});
