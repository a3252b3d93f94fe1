import { Fn, TerraformCount, TerraformIterator, TerraformLocal, Testing, TerraformStack, TerraformVariable, Token } from 'cdktf';
import { LocalFile, LocalNpm, LocalPypi, RemoteNpm, Virtual } from '../../constructs/artifactapi';

let stack: TerraformStack;
let npm: RemoteNpm;
let local: LocalNpm;
beforeEach(() => {
  stack = new TerraformStack(Testing.app(), 's');
  npm = new RemoteNpm(stack, 'npm', { name: 'npm', baseUrl: 'https://npm.example.com' });
  local = new LocalNpm(stack, 'local', { name: 'internal' });
});
const members = (): unknown => {
  const json = JSON.parse(Testing.synth(stack)) as { resource: { artifactapi_virtual: { all: { members: unknown } } } };
  return json.resource.artifactapi_virtual.all.members;
};

test('members are kept in the order in which they come', () => {
  const all = new Virtual(stack, 'all', { name: 'all', packageType: 'npm', members: ['first'] });
  all.addMember(local);
  all.addMember(npm);
  all.addMember('last');
  expect(members()).toEqual(['first', '${artifactapi_local_npm.local.name}', '${artifactapi_remote_npm.npm.name}', 'last']);
});

test('a virtual may start without members', () => {
  new Virtual(stack, 'all', { name: 'all', packageType: 'npm' }).addMember(npm);
  expect(members()).toEqual(['${artifactapi_remote_npm.npm.name}']);
});

test('a member added twice is an error, whichever way it is named', () => {
  const all = new Virtual(stack, 'all', { name: 'all', packageType: 'npm', members: [npm.name, 'plain'] });
  all.addMember(npm);
  all.addMember('plain');
  expect(members).toThrow(`the configuration cannot be deployed:
  [s/all] artifactapi_virtual: members[2]: "\${artifactapi_remote_npm.npm.name}" is already a member; name each member once
  [s/all] artifactapi_virtual: members[3]: "plain" is already a member; name each member once`);
  all.members = ['a', 'b', 'a'];
  expect(members).toThrow('[s/all] artifactapi_virtual: members[2]: "a" is already a member');
  all.members = [npm.name, 'plain'];
  expect(members()).toEqual(['${artifactapi_remote_npm.npm.name}', 'plain']);
});

test('a token may be added', () => {
  const name = new TerraformVariable(stack, 'name', { type: 'string' });
  new Virtual(stack, 'all', { name: 'all', packageType: 'npm' }).addMember(name.stringValue);
  expect(members()).toEqual(['${var.name}']);
});

test('nothing can be added to a list that only Terraform knows', () => {
  const names = new TerraformVariable(stack, 'names', { type: 'list(string)' });
  const all = new Virtual(stack, 'all', { name: 'all', packageType: 'npm', members: names.listValue });
  all.addMember(npm);
  expect(members).toThrow('[s/all] artifactapi_virtual: members is an expression; addMember needs a literal list');
});

test('a member of another package type is refused where it is known which it is', () => {
  const pypi = new LocalPypi(stack, 'pip', { name: 'pip' });
  const problem = 'artifactapi_local_pypi.pip is a repository of type "pypi", but packageType is "npm"; name members of one type';
  new Virtual(stack, 'all', { name: 'all', packageType: 'npm', members: [npm.name, pypi.name] });
  const any = new Virtual(stack, 'any', { name: 'any', packageType: 'npm' });
  any.addMember(pypi);
  expect(members).toThrow(`[s/all] artifactapi_virtual: members[1]: ${problem}\n  [s/any] artifactapi_virtual: members[0]: ${problem}`);
});

test('a member of which only Terraform knows the type passes', () => {
  const pypi = new LocalPypi(stack, 'pip', { name: 'pip' });
  const file = new LocalFile(stack, 'file', { repository: 'elsewhere', path: 'a', content: 'a' });
  const type = new TerraformVariable(stack, 'type', { type: 'string' });
  new Virtual(stack, 'all', { name: 'all', packageType: type.stringValue, members: [pypi.name, npm.name] });
  expect(members()).toHaveLength(2);
  new Virtual(stack, 'mixed', { name: 'mixed', packageType: 'npm', members: [file.repository, '${var.other}', `\${lower(${pypi.name})}`] });
});

test('a member added by a name that cannot be one is an error', () => {
  const all = new Virtual(stack, 'all', { name: 'all', packageType: 'npm' });
  all.addMember('a/b');
  expect(members).toThrow('[s/all] artifactapi_virtual: members[0]: "a/b" is not a repository name');
});

it('says what to write when a member is a repository instead of its name', () => {
  expect(() =>
    Testing.synthScope((scope) => {
      const npm = new RemoteNpm(scope, 'npm', { name: 'npm', baseUrl: 'https://npm.example.com' });
      new Virtual(scope, 'all', { name: 'all', packageType: 'npm', members: [npm as unknown as string] });
    }),
  ).toThrow('artifactapi_virtual: members[0] is a RemoteNpm, not a name; write its name, e.g. npm.name');
});

const lists: readonly (readonly [string, () => unknown, unknown])[] = [
  ['a variable', () => new TerraformVariable(stack, 'l', { type: 'list(string)' }).listValue, '${var.l}'],
  ['Fn.concat', () => Fn.concat([['a'], ['b']]), '${concat(["a"], ["b"])}'],
  ['Fn.conditional', () => Fn.conditional(true, ['a'], ['b']), '${true ? ["a"] : ["b"]}'],
  ['Fn.flatten', () => Fn.flatten([['a']]), '${flatten([["a"]])}'],
  ['Fn.lookup', () => Fn.lookup({ k: ['a'] }, 'k', []), '${lookup({"k" = ["a"]}, "k", [])}'],
  ['a local', () => new TerraformLocal(stack, 'names', ['a']).expression, '${local.names}'],
  ['Token.asAny', () => Token.asAny(['a']), ['a']],
  ['an iterator', () => TerraformIterator.fromMap({ x: { m: ['a'] } }).getAny('m'), '${each.value.m}'],
];

test.each(lists)('%s passes as the members, and as every list of a remote', (_, make, expected) => {
  const list = make() as string[];
  new Virtual(stack, 'all', { name: 'all', packageType: 'npm', members: list });
  const attributes = ['patterns', 'blocklist', 'mutablePatterns', 'immutablePatterns'] as const;
  const given = Object.fromEntries(attributes.map((key) => [key, list]));
  new RemoteNpm(stack, 'lists', { name: 'lists', baseUrl: 'https://npm.example.com', ...given });
  expect(members()).toEqual(expected);
  const { resource } = JSON.parse(Testing.synth(stack)) as { resource: { artifactapi_remote_npm: { lists: object } } };
  expect(resource.artifactapi_remote_npm.lists).toMatchObject({
    patterns: expected,
    blocklist: expected,
    mutable_patterns: expected,
    immutable_patterns: expected,
  });
});

test('tokens of every kind pass inside texts', () => {
  const port = new TerraformVariable(stack, 'port', { type: 'number' }).numberValue;
  const host = new TerraformVariable(stack, 'host', { type: 'string' }).stringValue;
  const index = TerraformCount.of(2).index;
  new RemoteNpm(stack, 'x', {
    name: `n${index}`,
    baseUrl: `https://${host}:${port}/n${index}`,
    patterns: [`^v${port}/`, `^${host}(`],
    mutableTtl: port,
  });
  new Virtual(stack, 'all', { name: `all-${index}`, packageType: 'npm', members: [`n${index}`] });
  const { resource } = JSON.parse(Testing.synth(stack)) as { resource: { artifactapi_remote_npm: { x: object } } };
  expect(resource.artifactapi_remote_npm.x).toMatchObject({
    name: 'n${count.index}',
    base_url: 'https://${var.host}:${var.port}/n${count.index}',
    patterns: ['^v${var.port}/', '^${var.host}('],
    mutable_ttl: '${var.port}',
  });
  expect(members()).toEqual(['n${count.index}']);
});
