import { Testing, TerraformStack } from 'cdktf';
import * as constructs from '../../constructs/artifactapi';
import { nearest } from '../../src/common/nearest';
import { nameProblem } from '../../src/common/repository-name';

let stack: TerraformStack;
beforeEach(() => {
  stack = new TerraformStack(Testing.app(), 's');
});
const make = (className: keyof typeof constructs, config: object, id = 'x'): unknown => {
  const ctor = constructs[className] as unknown as new (scope: TerraformStack, id: string, config: object) => unknown;
  return new ctor(stack, id, config);
};
const problems = (): string => {
  try {
    Testing.synth(stack);
    return '';
  } catch (cause) {
    return (cause as Error).message;
  }
};
const npm = { name: 'npm', baseUrl: 'https://npm.example.com' };

const wrong: readonly (readonly [keyof typeof constructs, object, string])[] = [
  ['RemoteNpm', { ...npm, mutableTTL: 1 }, '[s/x] artifactapi_remote_npm: there is no attribute "mutableTTL"; did you mean "mutableTtl"?'],
  ['RemoteNpm', { ...npm, base_url: 'x' }, '[s/x] artifactapi_remote_npm: there is no attribute "base_url"; did you mean "baseUrl"?'],
  ['RemoteNpm', { ...npm, url: 'x' }, '[s/x] artifactapi_remote_npm: there is no attribute "url"; the attributes are name,'],
  ['RemoteNpm', { ...npm, dependOn: [] }, '[s/x] artifactapi_remote_npm: there is no attribute "dependOn"; did you mean "dependsOn"?'],
  ['RemoteNpm', { name: 'npm' }, '[s/x] artifactapi_remote_npm: the attribute "baseUrl" is required'],
  ['RemoteNpm', { ...npm, name: '' }, '[s/x] artifactapi_remote_npm: name: a name must not be empty'],
  ['RemoteNpm', { ...npm, name: 'a/b' }, '[s/x] artifactapi_remote_npm: name: "a/b" is not a repository name'],
  ['RemoteNpm', { ...npm, baseUrl: 'npm.example.com' }, '[s/x] artifactapi_remote_npm: baseUrl: "npm.example.com" is not a URL'],
  ['RemoteNpm', { ...npm, mutableTtl: -1 }, '[s/x] artifactapi_remote_npm: mutableTtl is -1; allowed is 0 or more'],
  ['RemoteNpm', { ...npm, mutableTtl: 1.5 }, '[s/x] artifactapi_remote_npm: mutableTtl is 1.5; it must be a whole number'],
  ['RemoteNpm', { ...npm, mutableTtl: '60' }, '[s/x] artifactapi_remote_npm: mutableTtl is "60"; it must be a number'],
  ['RemoteNpm', { ...npm, patterns: 'x' }, '[s/x] artifactapi_remote_npm: patterns is "x"; it must be a list'],
  ['RemoteNpm', { ...npm, patterns: ['a', 2] }, '[s/x] artifactapi_remote_npm: patterns[1] is 2; it must be a string'],
  [
    'RemoteNpm',
    { ...npm, patterns: ['^ok$', '(a'] },
    '[s/x] artifactapi_remote_npm: patterns[1]: "(a" is not a valid RE2 pattern: missing closing )',
  ],
  [
    'RemoteNpm',
    { ...npm, blocklist: ['(?!x)y'] },
    '[s/x] artifactapi_remote_npm: blocklist[0]: "(?!x)y" is not a valid RE2 pattern: invalid or unsupported Perl syntax: `(?!`; the server uses RE2, which has no look-ahead and no look-behind',
  ],
  ['RemoteDocker', { ...npm, banTags: ['[z-a]'] }, '[s/x] artifactapi_remote_docker: banTags[0]: "[z-a]" is not a valid RE2 pattern'],
  [
    'DataArtifactapiRemotes',
    { namePattern: '*' },
    '[s/x] artifactapi_remotes: namePattern: "*" is not a valid RE2 pattern: missing argument to repetition operator',
  ],
  [
    'NpmFront',
    { name: 'n', upstream: npm.baseUrl, remote: { blocklist: ['('] } },
    '[s/x/remote] artifactapi_remote_npm: blocklist[0]: "("',
  ],
  ['RemoteDocker', { ...npm, banTagsEnabled: 'yes' }, '[s/x] artifactapi_remote_docker: banTagsEnabled is "yes"; it must be a boolean'],
  [
    'Virtual',
    { name: 'v', packageType: 'hlem', members: [] },
    '[s/x] artifactapi_virtual: packageType is "hlem"; allowed are alpine, docker',
  ],
  ['Virtual', { name: 'v', packageType: 'hlem', members: [] }, 'did you mean "helm"?'],
  ['Virtual', { name: 'v', packageType: 'npm', members: ['a b'] }, '[s/x] artifactapi_virtual: members[0]: "a b" is not a repository name'],
  [
    'Virtual',
    { name: 'v', packageType: 'npm', members: ['a', 'a'] },
    '[s/x] artifactapi_virtual: members[1]: "a" is already a member; name each member once',
  ],
  [
    'ArtifactapiProvider',
    { endpoint: 'ftp://x' },
    '[s/x] artifactapi: endpoint: "ftp://x" has the scheme "ftp"; allowed are http and https',
  ],
  ['ArtifactapiProvider', { headers: [{ name: 'a' }] }, '[s/x] artifactapi: headers[0]: the attribute "value" is required'],
  ['ArtifactapiProvider', { headers: [{ name: 'a', vlaue: 'b' }] }, 'headers[0]: there is no attribute "vlaue"; did you mean "value"?'],
  ['ArtifactapiProvider', { headers: { a: 'b' } }, '[s/x] artifactapi: headers is an object; it must be a list'],
  ['ArtifactapiProvider', { requestTimeout: 0 }, '[s/x] artifactapi: requestTimeout is 0; allowed is 1 or more'],
  ['ArtifactapiProvider', { source: 'artifactapi' }, '[s/x] "artifactapi" is not a provider source address; write host/namespace/type'],
  ['ArtifactapiProvider', { platforms: ['linux'] }, '"linux" is not a platform; write SYSTEM_ARCHITECTURE, e.g. "linux_amd64"'],
  ['ArtifactapiProvider', { platforms: ['windows_amd64'] }, '"windows_amd64" cannot run the bundled provider'],
];

test.each(wrong)('%s with %j is an error at synthesis', (className, config, message) => {
  make(className, config);
  expect(problems()).toContain(message);
});

test('all that is wrong in a stack is one list, with the path of each construct', () => {
  make('RemoteNpm', { ...npm, mutableTTL: 1, mutableTtl: -1 }, 'a');
  make('RemoteNpm', npm, 'fine');
  make('Virtual', { name: 'v', packageType: 'npm', members: ['m', 'm', 'a b'] }, 'b');
  expect(problems()).toBe(`the configuration cannot be deployed:
  [s/a] artifactapi_remote_npm: there is no attribute "mutableTTL"; did you mean "mutableTtl"?
  [s/a] artifactapi_remote_npm: mutableTtl is -1; allowed is 0 or more
  [s/b] artifactapi_virtual: members[1]: "m" is already a member; name each member once
  [s/b] artifactapi_virtual: members[2]: ${nameProblem('a b')}`);
});

test('a message about a wrong secret does not show it', () => {
  make('ArtifactapiProvider', { token: 12345 });
  expect(problems()).toBe('the configuration cannot be deployed:\n  [s/x] artifactapi: token is a number; it must be a string');
});

test('a setter checks as the constructor does, and a right value takes the problem back', () => {
  const remote = make('RemoteNpm', npm) as constructs.RemoteNpm;
  remote.mutableTtl = -5;
  expect(problems()).toContain('[s/x] artifactapi_remote_npm: mutableTtl is -5; allowed is 0 or more');
  remote.mutableTtl = 5;
  expect(problems()).toBe('');
  remote.mutableTtl = -5;
  remote.resetMutableTtl();
  expect(problems()).toBe('');
});

test('an attribute set to undefined is not set', () => {
  expect((make('RemoteNpm', { ...npm, description: undefined }) as constructs.RemoteNpm).descriptionInput).toBeUndefined();
});

test('the nearest name is found, and none when all are far', () => {
  expect(nearest('descripton', ['name', 'description'])).toBe('description');
  expect(nearest('mutable_ttl', ['mutableTtl', 'immutableTtl'])).toBe('mutableTtl');
  expect(nearest('colour', ['name', 'description'])).toBeUndefined();
});

test('synthesis warns of repositories that a real server may not serve, and of no others', () => {
  make('ArtifactapiProvider', { installLocally: false }, 'provider');
  make('RemoteNpm', npm, 'remote');
  make('LocalRpm', { name: 'rpm' }, 'rpm');
  make('LocalPuppet', { name: 'own' }, 'puppet');
  make('Virtual', { name: 'charts', packageType: 'helm', members: [] }, 'charts');
  make('Virtual', { name: 'go', packageType: 'goproxy', members: [] }, 'go');
  Testing.fullSynth(stack);
  const warnings = stack.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata.filter(({ type }) => type === '@cdktf/warn').map(({ data }) => `${node.path}: ${String(data).split(':')[0] ?? ''}`),
    );
  expect(warnings).toEqual([
    's/puppet: ArtifactAPI is not known to make an index for local puppet repositories',
    's/go: ArtifactAPI is not known to merge goproxy repositories; it does for helm, pypi',
  ]);
});
