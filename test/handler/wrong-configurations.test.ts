import { UNKNOWN, type ValueRecord } from '../../src/common/value';
import { artifactapi } from '../../src/resources/artifactapi';
import { complete, type Told } from '../../src/testing/core';
import { providerCore } from '../../src/testing/target';

const npm = 'artifactapi_remote_npm';
const base = { name: 'npm', base_url: 'https://npm.example.com' };
const virtual = { name: 'all', package_type: 'npm', members: ['a', 'b'] };
type Row = readonly [what: string, type: string, config: ValueRecord, path: string, detail: string | RegExp, summary?: string];

const rows: readonly Row[] = [
  ['an empty name', npm, { ...base, name: '' }, 'name', '"name": a name must not be empty.'],
  [
    'a name with a slash',
    npm,
    { ...base, name: 'a/b' },
    'name',
    '"name": "a/b" is not a repository name; allowed are letters, digits and characters that need no escaping in a URL: - . _ ~ ! $ & \' ( ) * + , ; = : @.',
  ],
  ['a name with a space', npm, { ...base, name: 'a b' }, 'name', /^"name": "a b" is not a repository name/],
  [
    'a name that is a route of container registries',
    'artifactapi_local_docker',
    { name: '_catalog' },
    'name',
    '"name": "_catalog" is not a repository name, because GET /v2/_catalog asks a container registry for its list of repositories; allowed are letters, digits and characters that need no escaping in a URL: - . _ ~ ! $ & \' ( ) * + , ; = : @.',
  ],
  ['a name that is a dot', npm, { ...base, name: '.' }, 'name', /^"name": "\." is not a repository name, because a URL leaves it out;/],
  ['a name with an escaped slash', npm, { ...base, name: 'a%2Fb' }, 'name', /^"name": "a%2Fb" is not a repository name;/],
  ['a name that ends in a query', npm, { ...base, name: 'a?page=2' }, 'name', /is not a repository name;/],
  ['a name that is two dots', npm, { ...base, name: '..' }, 'name', /^"name": "\.\." is not a repository name/],
  ['a name that is too long', npm, { ...base, name: 'a'.repeat(129) }, 'name', /has 129 characters; at most 128 are allowed\.$/],
  [
    'a base URL that is no URL',
    npm,
    { ...base, base_url: 'npm.example.com' },
    'base_url',
    '"base_url": "npm.example.com" is not a URL; write one with scheme and host, e.g. "https://packages.example.com".',
  ],
  ['an empty base URL', npm, { ...base, base_url: '' }, 'base_url', /^"base_url": "" is not a URL/],
  [
    'a base URL of another scheme',
    npm,
    { ...base, base_url: 'ftp://npm.example.com' },
    'base_url',
    '"base_url": "ftp://npm.example.com" has the scheme "ftp"; allowed are http and https.',
  ],
  [
    'a base URL with a user',
    npm,
    { ...base, base_url: 'https://me:hunter2@npm.example.com' },
    'base_url',
    '"base_url": the URL of "npm.example.com" carries a user name or password; set username and password instead.',
  ],
  [
    'a base URL with a query',
    npm,
    { ...base, base_url: 'https://npm.example.com/?a=1' },
    'base_url',
    /has a query or fragment; a base URL ends with its path\.$/,
  ],
  [
    'a negative immutable TTL',
    npm,
    { ...base, immutable_ttl: -1 },
    'immutable_ttl',
    '"immutable_ttl": -1 is negative; a duration is 0 or more seconds.',
  ],
  [
    'a negative mutable TTL',
    npm,
    { ...base, mutable_ttl: -300 },
    'mutable_ttl',
    '"mutable_ttl": -300 is negative; a duration is 0 or more seconds.',
  ],
  ['a fractional TTL', npm, { ...base, mutable_ttl: 1.5 }, 'mutable_ttl', '"mutable_ttl": 1.5 is not a whole number of seconds.'],
  [
    'a pattern that is not closed',
    npm,
    { ...base, patterns: ['^ok$', '(a'] },
    'patterns[1]',
    /^"patterns\[1\]": "\(a" is not a valid RE2 pattern: missing closing \)/,
  ],
  ['a pattern with a look-ahead', npm, { ...base, blocklist: ['(?!x)y'] }, 'blocklist[0]', /look-ahead and no look-behind\.$/],
  [
    'a pattern with a look-behind',
    npm,
    { ...base, mutable_patterns: ['(?<=x)y'] },
    'mutable_patterns[0]',
    /look-ahead and no look-behind\.$/,
  ],
  [
    'a pattern with a back-reference',
    npm,
    { ...base, immutable_patterns: ['(a)\\1'] },
    'immutable_patterns[0]',
    /is not a valid RE2 pattern/,
  ],
  ['a repetition of nothing', npm, { ...base, patterns: ['*'] }, 'patterns[0]', /is not a valid RE2 pattern/],
  [
    'a password without a user name',
    npm,
    { ...base, password: 'hunter2' },
    'password',
    '"password" is set, so "username" must be set too. Set "username", or leave out "password".',
    'Missing Attribute',
  ],
  [
    'a write-only password without a user name',
    npm,
    { ...base, password_wo: 'hunter2' },
    'password_wo',
    /"username" must be set too/,
    'Missing Attribute',
  ],
  [
    'both forms of a password',
    npm,
    { ...base, username: 'me', password: 'hunter2', password_wo: 'hunter2' },
    'password',
    '"password" and "password_wo" are both set; only one of them is allowed. Leave out one.',
    'Conflicting Attributes',
  ],
  [
    'a version without its secret',
    npm,
    { ...base, password_wo_version: 2 },
    'password_wo_version',
    /"password_wo" must be set too/,
    'Missing Attribute',
  ],
  [
    'a repeated member',
    'artifactapi_virtual',
    { ...virtual, members: ['a', 'b', 'a'] },
    'members[2]',
    '"members[2]": "a" is repeated; name it once.',
  ],
  [
    'a member that is no name',
    'artifactapi_virtual',
    { ...virtual, members: ['a', 'b/c'] },
    'members[1]',
    /"b\/c" is not a repository name/,
  ],
  [
    'an unknown package type',
    'artifactapi_virtual',
    { ...virtual, package_type: 'cargo' },
    'package_type',
    /^"package_type": "cargo" is not allowed; allowed are "alpine", "docker", /,
  ],
  ['a wrong tag pattern', 'artifactapi_remote_docker', { ...base, ban_tags: ['[z-a]'] }, 'ban_tags[0]', /is not a valid RE2 pattern/],
  [
    'a wrong element beside one that is not known',
    npm,
    { ...base, patterns: [UNKNOWN, '(a'] },
    'patterns[1]',
    /is not a valid RE2 pattern/,
  ],
];

const provider: readonly Row[] = [
  [
    'an endpoint that is no URL',
    '',
    { endpoint: 'localhost:8000' },
    'endpoint',
    /"endpoint": "localhost:8000" has no scheme; write "http:\/\/localhost:8000" or "https:\/\/localhost:8000"\./,
  ],
  [
    'a token beside a password',
    '',
    { token: 's3cr3t-token', username: 'me', password: 'hunter2' },
    'token',
    /"token" and "username" are both set/,
    'Conflicting Attributes',
  ],
  [
    'a user name without a password',
    '',
    { username: 'me' },
    'username',
    '"username" is set, so "password" must be set too. Set "password", or leave out "username".',
    'Missing Attribute',
  ],
  ['an empty token', '', { token: '' }, 'token', '"token": the value given must not be empty.'],
  ['a client certificate without a key', '', { client_cert: 'x.pem' }, 'client_cert', /"client_key" must be set too/, 'Missing Attribute'],
  ['a timeout of 0', '', { request_timeout: 0 }, 'request_timeout', '"request_timeout": 0 seconds are too few; at least 1 is required.'],
  ['a fractional number of retries', '', { max_retries: 0.5 }, 'max_retries', /^"max_retries": 0\.5 /],
  ['negative retries', '', { max_retries: -1 }, 'max_retries', '"max_retries": -1 is negative; it must be 0 or more.'],
  ['a list of a negative age', '', { list_max_age: -1 }, 'list_max_age', '"list_max_age": -1 is negative; it must be 0 or more.'],
  [
    'no place for a request',
    '',
    { max_concurrency: 0 },
    'max_concurrency',
    '"max_concurrency": 0 requests are too few; at least 1 is required.',
  ],
  [
    'a header that is none',
    '',
    { headers: [{ name: 'X Y', value: 'v' }] },
    'headers[0]',
    '"headers[0].name": "X Y" is not the name of an HTTP header.',
  ],
];

function expectTold(told: readonly Told[], [, , , path, detail, summary = 'Invalid Attribute Value']: Row): void {
  expect(told[0]).toMatchObject({ severity: 'error', summary, path });
  if (typeof detail === 'string') expect(told[0]?.detail).toBe(detail);
  else expect(told[0]?.detail).toMatch(detail);
  expect(JSON.stringify(told)).not.toMatch(/ {4}at |hunter2|s3cr3t/);
}

describe('validation refuses', () => {
  it.each(rows.map((row) => [row[0], row] as const))('%s', async (_, row) => {
    const { core } = providerCore(artifactapi);
    expectTold(await core.validate(row[1], row[2]), row);
  });

  it.each(provider.map((row) => [row[0], row] as const))('a provider block with %s', async (_, row) => {
    const { core } = providerCore(artifactapi);
    expectTold(await core.configure({ endpoint: 'http://127.0.0.1:1', ...row[2] }), row);
  });
});

describe('validation lets pass', () => {
  it.each([npm, 'artifactapi_virtual'])('values of %s that are not known yet', async (type) => {
    const { core } = providerCore(artifactapi);
    const settable = core.attributes(type).filter(({ required, optional, name }) => (required || optional) && !/^password/.test(name));
    expect(await core.validate(type, Object.fromEntries(settable.map(({ name }) => [name, UNKNOWN])))).toEqual([]);
    expect(
      await core.validate(
        type,
        Object.fromEntries(
          settable
            .filter(({ type: of, required }) => Array.isArray(of) || required)
            .map(({ name, type: of }) => [name, Array.isArray(of) ? [UNKNOWN] : UNKNOWN]),
        ),
      ),
    ).toEqual([]);
  });
});

describe('the environment', () => {
  const endpoint = 'http://127.0.0.1:1';
  it.each<[string, Record<string, string>, ValueRecord, object]>([
    [
      'is named when it holds no number',
      { ARTIFACTAPI_MAX_RETRIES: 'many' },
      { endpoint },
      {
        summary: 'Invalid Environment Variable',
        detail: 'ARTIFACTAPI_MAX_RETRIES: "max_retries" must be a whole number. Correct ARTIFACTAPI_MAX_RETRIES, or unset it.',
      },
    ],
    [
      'is named when it holds no truth value',
      { ARTIFACTAPI_INSECURE_SKIP_VERIFY: 'maybe' },
      { endpoint },
      {
        summary: 'Invalid Environment Variable',
        detail:
          'ARTIFACTAPI_INSECURE_SKIP_VERIFY: "insecure_skip_verify" must be true or false. Correct ARTIFACTAPI_INSECURE_SKIP_VERIFY, or unset it.',
      },
    ],
    [
      'is named when it holds no URL',
      { ARTIFACTAPI_ENDPOINT: 'nowhere' },
      {},
      {
        summary: 'Invalid Environment Variable',
        detail:
          'ARTIFACTAPI_ENDPOINT: "endpoint": "nowhere" is not a URL; write one with scheme and host, e.g. "https://packages.example.com".',
      },
    ],
    [
      'is named when it holds no headers',
      { ARTIFACTAPI_HEADERS: 'nonsense' },
      { endpoint },
      {
        summary: 'Invalid Environment Variable',
        detail: 'ARTIFACTAPI_HEADERS: "headers" must consist of lines of the form "Name: value". Correct ARTIFACTAPI_HEADERS, or unset it.',
      },
    ],
    [
      'may not hold a token and a user name',
      { ARTIFACTAPI_TOKEN: 'tok-1', ARTIFACTAPI_USERNAME: 'me', ARTIFACTAPI_PASSWORD: 'pw-1' },
      { endpoint },
      {
        summary: 'Conflicting Attributes',
        detail:
          '"token" (from ARTIFACTAPI_TOKEN) and "username" (from ARTIFACTAPI_USERNAME) are both set; only one of them is allowed. Leave out one.',
      },
    ],
    [
      'may not hold a user name alone',
      { ARTIFACTAPI_USERNAME: 'me' },
      { endpoint },
      {
        summary: 'Missing Attribute',
        detail:
          '"username" (from ARTIFACTAPI_USERNAME) is set, so "password" must be set too. Set "password", or unset ARTIFACTAPI_USERNAME.',
      },
    ],
    [
      'and the block without an endpoint are told of',
      { ARTIFACTAPI_ENDPOINT: '' },
      {},
      {
        summary: 'Missing Endpoint',
        path: 'endpoint',
        detail: expect.stringContaining(
          'Set endpoint in the provider block, or the environment variable ARTIFACTAPI_ENDPOINT. For a server to try out: npx repoform registry --backend artifactapi.',
        ) as unknown,
      },
    ],
  ])('%s', async (...[, env, config, expected]) => {
    const { core } = providerCore(artifactapi, env);
    const told = await core.configure(config);
    expect(told[0]).toMatchObject({ severity: 'error', ...expected });
    expect(JSON.stringify(told)).not.toMatch(/ {4}at |tok-1|pw-1/);
  });

  it('gives way to the block, with what conflicts in it', async () => {
    const env = {
      ARTIFACTAPI_ENDPOINT: 'http://127.0.0.1:2',
      ARTIFACTAPI_USERNAME: 'me',
      ARTIFACTAPI_PASSWORD: 'pw',
      ARTIFACTAPI_HEADERS: 'X-One: 1\nX-Two: 2',
    };
    const { core } = providerCore(artifactapi, env);
    expect(await core.configure({ token: 'tok' })).toEqual([]);
  });

  it('gives way to the block whichever of the two attributes says that they conflict', async () => {
    const { core } = providerCore(artifactapi, { ARTIFACTAPI_ENDPOINT: 'http://127.0.0.1:2', ARTIFACTAPI_TOKEN: 'tok' });
    expect(await core.configure({ username: 'me', password: 'pw' })).toEqual([]);
  });
});

it('covers every attribute name as the schema has it', () => {
  const { core } = providerCore(artifactapi);
  for (const [, type, config] of rows) expect(() => complete(core.attributes(type), config)).not.toThrow();
});
