import { TerraformStack, Testing } from 'cdktf';
import { ArtifactapiProvider, LocalNpm, RemoteGeneric, RemoteNpm, Virtual } from '../../constructs/artifactapi';
import * as bkrepo from '../../constructs/bkrepo';
import { suppressRule } from '../../constructs/checks';
import '../../constructs/testing';

/** A stack of a new app. */
function stackWith(body: (stack: TerraformStack) => void = () => undefined): TerraformStack {
  const stack = new TerraformStack(Testing.app(), 'packages');
  new ArtifactapiProvider(stack, 'artifactapi', { endpoint: 'https://artifacts.example.com', installLocally: false });
  body(stack);
  return stack;
}

const npmStack = (): TerraformStack =>
  stackWith((stack) => {
    const own = new LocalNpm(stack, 'own', { name: 'own' });
    const npm = new RemoteNpm(stack, 'npm', { name: 'npm', baseUrl: 'https://npm.example.com', patterns: ['^@acme/'], mutableTtl: 600 });
    new Virtual(stack, 'all', { name: 'all', packageType: 'npm', members: [own.name, npm.name] });
  });

const messageOf = (body: () => unknown): string => {
  try {
    body();
  } catch (thrown) {
    return (thrown as Error).message;
  }
  throw new Error('nothing was thrown');
};

describe('toHaveRepository', () => {
  test.each([
    ['a kind, a type and a name', { kind: 'remote', type: 'npm', name: 'npm' }],
    ["TypeScript's names", { name: 'npm', baseUrl: 'https://npm.example.com', mutableTtl: 600 }],
    ["Terraform's names", { name: 'npm', base_url: 'https://npm.example.com', mutable_ttl: 600 }],
    ['asymmetric matchers', { name: expect.stringMatching(/^n/), patterns: expect.arrayContaining(['^@acme/']) }],
    ['what references lead to', { kind: 'virtual', members: ['own', 'npm'] }],
    ['what is not set', { kind: 'remote', passwordWo: undefined, name: 'npm' }],
  ] as const)('finds a repository by %s', (_, expected) => {
    expect(npmStack()).toHaveRepository(expected);
    expect(Testing.synth(npmStack())).toHaveRepository(expected);
  });

  test('package types of other backends have the same names, and nested values the names of either language', () => {
    const stack = new TerraformStack(Testing.app(), 'packages');
    new bkrepo.BkrepoProvider(stack, 'bkrepo', { installLocally: false });
    const networkProxy = { host: 'proxy.example.com', port: 3128 };
    new bkrepo.RemoteRepository(stack, 'npm', {
      project: 'acme',
      name: 'npm',
      type: 'NPM',
      upstreamUrl: 'https://npm.example.com',
      networkProxy,
    });
    expect(stack).toHaveRepository({ kind: 'remote', type: 'npm', project: 'acme', name: 'npm', networkProxy });
    expect(stack).toHaveRepository({ network_proxy: networkProxy });
    expect(stack).not.toHaveRepository({ networkProxy: { ...networkProxy, port: 3129 } });
    expect(stack).not.toHaveRepository({ kind: 'remote', type: 'pypi' });
  });

  test('a failure lists the repositories, and how the nearest differs', () => {
    const expected = { kind: 'remote', type: 'npm', name: 'npm', baseUrl: 'https://other.example.com', patterns: [] } as const;
    expect(messageOf(() => expect(npmStack()).toHaveRepository(expected)))
      .toBe(`expected the stack to have a remote npm repository with {"baseUrl": "https://other.example.com", "name": "npm", "patterns": []}

Its repositories:
  local npm "own"  artifactapi_local_npm.own
  remote npm "npm"  artifactapi_remote_npm.npm
  virtual npm "all"  artifactapi_virtual.all

The nearest, artifactapi_remote_npm.npm, differs:
  baseUrl: expected "https://other.example.com", received "https://npm.example.com"
  patterns: expected [], received ["^@acme/"]
`);
    expect(messageOf(() => expect(stackWith()).toHaveRepository({ type: 'npm' }))).toBe(
      'expected the stack to have a npm repository, but it has no repositories',
    );
    expect(messageOf(() => expect(npmStack()).not.toHaveRepository({ kind: 'local', type: 'npm' }))).toBe(
      'expected the stack to have no local npm repository, but it has artifactapi_local_npm.own',
    );
  });

  test.each([
    [{ baseURL: 'x' }, 'no repository has an attribute "baseURL"; did you mean "baseUrl"?'],
    [{ kind: 'remotes' as never }, 'unknown kind "remotes"; expected one of local, remote, virtual'],
    [{ type: 'np' }, expect.stringMatching(/^unknown package type "np"; expected one of .*maven, .*npm, /)],
  ])('what no repository can be is an error, also where none is expected: %j', (expected, message) => {
    expect(messageOf(() => expect(npmStack()).not.toHaveRepository(expected))).toEqual(message);
  });

  test('what is no stack is an error', () => {
    expect(messageOf(() => expect({}).toHaveRepository({ type: 'npm' }))).toBe(
      'toHaveRepository needs a TerraformStack of "cdktf", received Object',
    );
    expect(messageOf(() => expect('{').toHaveRepository({ type: 'npm' }))).toBe(
      'toHaveRepository needs a stack or what Testing.synth answers: it is not JSON, or it was cut off; synthesize the app again',
    );
  });
});

describe('toPassChecks', () => {
  const mirrorStack = (also: (mirror: RemoteGeneric) => void = () => undefined): TerraformStack =>
    stackWith((stack) => also(new RemoteGeneric(stack, 'mirror', { name: 'mirror', baseUrl: 'http://files.example.com', username: 'ci' })));
  const overHttp = `packages: artifactapi_remote_generic.mirror error credentials-over-http
  "mirror" sends credentials to http://files.example.com, which has no TLS
  Use https, and trust the CA of the server if it is your own.
`;

  test('a failure says what was found where, and what to do', () => {
    expect(npmStack()).toPassChecks();
    expect(npmStack().node.root).toPassChecks();
    expect(messageOf(() => expect(mirrorStack()).toPassChecks())).toBe(
      `expected the stack to pass the checks\n\n${overHttp}\n1 error in 1 resource of 1 stack\n`,
    );
    expect(messageOf(() => expect(npmStack()).not.toPassChecks())).toBe(
      'expected the stack to fail the checks, but nothing of severity error or above was found',
    );
  });

  test('rules are left out by name, suppressions in the code count, and lesser findings fail if asked', () => {
    expect(mirrorStack()).toPassChecks({ ignore: ['credentials-over-http'] });
    expect(mirrorStack((mirror) => suppressRule(mirror, 'credentials-over-http', 'a trial'))).toPassChecks();
    expect(messageOf(() => expect(mirrorStack()).toPassChecks({ failOn: 'warning' }))).toContain('mirror warning open-proxy\n');
    expect(messageOf(() => expect(mirrorStack()).toPassChecks({ ignore: ['open-prox'] }))).toMatch(
      /^unknown rule "open-prox"; expected one of /,
    );
  });

  test('findings of other stacks of the app count only for the app', () => {
    const stack = mirrorStack();
    const other = new TerraformStack(stack.node.root, 'other');
    expect(other).toPassChecks();
    expect(stack.node.root).not.toPassChecks();
  });
});
