import { Testing, TerraformStack, TerraformVariable } from 'cdktf';
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
  expect(() => all.addMember(npm)).toThrow('s/all: "${artifactapi_remote_npm.npm.name}" is a member already; name each member once');
  expect(() => all.addMember('plain')).toThrow('s/all: "plain" is a member already; name each member once');
  expect(() => (all.members = ['a', 'b', 'a'])).toThrow('s/all: "a" is a member already');
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
  expect(() => all.addMember(npm)).toThrow('s/all: members is an expression; addMember works on a list that is written out');
});

test('a member of another package type is refused where it is known which it is', () => {
  const pypi = new LocalPypi(stack, 'pip', { name: 'pip' });
  const message =
    's/all: the member artifactapi_local_pypi.pip is a repository of type "pypi", but packageType is "npm"; name members of one type';
  expect(() => new Virtual(stack, 'all', { name: 'all', packageType: 'npm', members: [npm.name, pypi.name] })).toThrow(message);
  const any = new Virtual(stack, 'any', { name: 'any', packageType: 'npm' });
  expect(() => any.addMember(pypi)).toThrow(message.replace('s/all', 's/any'));
  expect(() => (any.members = [pypi.name])).toThrow(message.replace('s/all', 's/any'));
  expect(any.membersInput).toEqual([]);
});

test('a member of which only Terraform knows the type passes', () => {
  const pypi = new LocalPypi(stack, 'pip', { name: 'pip' });
  const file = new LocalFile(stack, 'file', { repository: 'elsewhere', path: 'a', content: 'a' });
  const type = new TerraformVariable(stack, 'type', { type: 'string' });
  new Virtual(stack, 'all', { name: 'all', packageType: type.stringValue, members: [pypi.name, npm.name] });
  expect(members()).toHaveLength(2);
  new Virtual(stack, 'mixed', { name: 'mixed', packageType: 'npm', members: [file.repository, '${var.other}', `\${lower(${pypi.name})}`] });
});

test('members written as a name that does not fit are refused when added', () => {
  const all = new Virtual(stack, 'all', { name: 'all', packageType: 'npm' });
  expect(() => all.addMember('a/b')).toThrow('"a/b" is not a repository name');
  expect(all.membersInput).toEqual([]);
});

it('says what to write when a member is a repository instead of its name', () => {
  expect(() =>
    Testing.synthScope((scope) => {
      const npm = new RemoteNpm(scope, 'npm', { name: 'npm', baseUrl: 'https://npm.example.com' });
      new Virtual(scope, 'all', { name: 'all', packageType: 'npm', members: [npm as unknown as string] });
    }),
  ).toThrow('all: members[0] is a RemoteNpm, not a name; write its name, e.g. npm.name');
});
