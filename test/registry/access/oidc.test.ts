import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { fits } from '../../../src/registry/access/oidc/verifier';
import { readIssuers } from '../../../src/registry/access/oidc/settings';
import { call, cleanUp, registry, tempFolder, type TestUpstream, upstream } from '../helpers';
import { basic, bearer } from './support';

afterEach(cleanUp);

/** The claims in the example of GitHub's documentation (OpenID Connect reference), with its times left out. */
const GITHUB = {
  sub: 'repo:octo-org/octo-repo:environment:prod',
  environment: 'prod',
  ref: 'refs/heads/main',
  sha: 'example-sha',
  repository: 'octo-org/octo-repo',
  repository_owner: 'octo-org',
  actor_id: '12',
  repository_visibility: 'private',
  repository_id: '74',
  repository_owner_id: '65',
  run_id: 'example-run-id',
  run_number: '10',
  run_attempt: '2',
  runner_environment: 'github-hosted',
  actor: 'octocat',
  workflow: 'example-workflow',
  head_ref: '',
  base_ref: '',
  event_name: 'workflow_dispatch',
  ref_type: 'branch',
  job_workflow_ref: 'octo-org/octo-automation/.github/workflows/oidc.yml@refs/heads/main',
};

/** The claims in the example of GitLab's documentation (ID token authentication), with its times left out. */
const GITLAB = {
  namespace_id: '72',
  namespace_path: 'my-group',
  project_id: '20',
  project_path: 'my-group/my-project',
  user_id: '1',
  user_login: 'sample-user',
  user_email: 'sample-user@example.com',
  pipeline_id: '574',
  pipeline_source: 'push',
  job_id: '302',
  ref: 'feature-branch-1',
  ref_type: 'branch',
  ref_path: 'refs/heads/feature-branch-1',
  ref_protected: 'false',
  environment: 'test-environment2',
  environment_protected: 'false',
  deployment_tier: 'testing',
  sub: 'project_path:my-group/my-project:ref_type:branch:ref:feature-branch-1',
};

interface Issuer extends TestUpstream {
  /** The keys that it publishes. */
  readonly keys: JWK[];
  /** What it does instead of answering. */
  broken: ((path: string) => string | number | undefined) | undefined;
  /** Adds a key pair; the answer signs with it. */
  add(kid: string, alg?: string): Promise<(claims: JWTPayload, change?: (jwt: SignJWT) => SignJWT) => Promise<string>>;
}

/** An issuer with a discovery document, as pipelines have it. */
async function issuer(): Promise<Issuer> {
  const keys: JWK[] = [];
  const made: Issuer = {
    ...(await upstream((request, response) => {
      const path = request.url ?? '';
      const instead = made.broken?.(path);
      if (typeof instead === 'number') return void response.writeHead(instead).end('{}');
      response.setHeader('content-type', 'application/json');
      if (instead !== undefined) return void response.end(instead);
      if (path === '/.well-known/openid-configuration')
        return void response.end(JSON.stringify({ issuer: made.url, jwks_uri: `${made.url}/keys` }));
      response.end(JSON.stringify({ keys }));
    })),
    keys,
    broken: undefined,
    async add(kid, alg = 'RS256') {
      const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
      keys.push({ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' });
      return (claims, change = (jwt) => jwt) => sign(claims, { kid, alg, key: privateKey, url: made.url }, change);
    },
  };
  return made;
}

function sign(
  claims: JWTPayload,
  { kid, alg, key, url }: { kid: string; alg: string; key: CryptoKey | Uint8Array; url: string },
  change: (jwt: SignJWT) => SignJWT,
): Promise<string> {
  const jwt = new SignJWT(claims).setProtectedHeader({ alg, kid, typ: 'JWT' }).setIssuer(url).setAudience('https://packages.example.com');
  return change(jwt.setIssuedAt().setNotBefore('0s').setExpirationTime('5m')).sign(key);
}

const rules = [
  {
    claims: { repository: 'octo-org/octo-repo', ref: ['refs/heads/main', 'refs/tags/v*'], environment: 'prod' },
    scopes: ['read,write:own'],
  },
  { claims: { repository_owner: 'octo-org' }, scopes: ['read:open'] },
  { claims: { project_path: 'my-group/**', ref_protected: 'false' }, scopes: ['read:own'] },
];

async function trusting(url: string, more: Record<string, unknown> = {}): Promise<string> {
  const file = join(tempFolder(), 'oidc.json');
  writeFileSync(file, JSON.stringify({ issuers: [{ issuer: url, audience: 'https://packages.example.com', rules, ...more }] }));
  return (await registry({ auth: true, oidc: file })).url;
}

const who = async (url: string, token: string) => {
  const answer = await call('GET', `${url}/api/registry/login`, { headers: bearer(token) });
  return answer.status === 200
    ? (answer.json as { login: string; scopes: string[] })
    : { status: answer.status, reason: answer.text.trim() };
};

test('pipelines of GitHub and GitLab have the scopes of the rules that fit their claims, as a bearer, a password and by the login of images', async () => {
  const up = await issuer();
  const token = await up.add('k1');
  const url = await trusting(up.url);
  const github = await token(GITHUB);
  expect(await who(url, github)).toEqual({ login: `oidc:${up.url}#${GITHUB.sub}`, scopes: ['read,write:own', 'read:open'] });
  expect(await who(url, await token({ ...GITHUB, ref: 'refs/heads/feature' }))).toMatchObject({ scopes: ['read:open'] });
  expect(await who(url, await token({ ...GITHUB, ref: 'refs/tags/v1.0' }))).toMatchObject({ scopes: ['read,write:own', 'read:open'] });
  expect(await who(url, await token(GITLAB))).toMatchObject({ scopes: ['read:own'] });
  expect(await who(url, await token({ ...GITLAB, project_path: 'my-group/sub/other' }))).toMatchObject({ scopes: ['read:own'] });
  for (const claims of [
    { ...GITHUB, repository: 'evil/octo-repo', repository_owner: 'evil' },
    { ...GITLAB, project_path: 'my-group-evil/my-project' },
    { sub: 'x', repository_owner: ['octo-org'] as unknown as string },
  ])
    expect(await who(url, await token(claims))).toMatchObject({
      status: 403,
      reason: expect.stringContaining('no rule of this registry fits') as string,
    });
  expect((await call('GET', `${url}/api/v1/local/own/x`, { headers: basic(github, 'github') })).status).toBe(404);
  const login = await call('GET', `${url}/v2/auth?service=repoform&scope=repository:own/app:push`, { headers: basic(github, 'github') });
  const { token: ticket } = login.json as { token: string };
  expect((await call('POST', `${url}/v2/own/app/blobs/uploads/`, { headers: bearer(ticket) })).status).toBe(404);
  expect((await call('POST', `${url}/v2/open/app/blobs/uploads/`, { headers: bearer(ticket) })).status).toBe(403);
  // The keys are fetched once for all of them.
  expect(up.requests.map((request) => request.url)).toEqual(['/.well-known/openid-configuration', '/keys']);
});

test('a token is refused that is for others, of others, of another time, or not signed as the issuer signs', async () => {
  const up = await issuer();
  const token = await up.add('k1');
  const url = await trusting(up.url);
  const now = Math.floor(Date.now() / 1000);
  const reasonOf = async (text: string) => {
    const answer = await who(url, text);
    expect(answer).toMatchObject({ status: 401 });
    return 'reason' in answer ? answer.reason : '';
  };
  expect(await reasonOf(await token(GITHUB, (jwt) => jwt.setAudience('https://other.example.com')))).toContain('"aud" claim');
  expect(await reasonOf(await token(GITHUB, (jwt) => jwt.setIssuer('https://evil.example.com')))).toContain(
    '"https://evil.example.com" is not one that',
  );
  expect(await reasonOf(await token(GITHUB, (jwt) => jwt.setExpirationTime(now - 31)))).toContain('"exp" claim');
  expect(await reasonOf(await token(GITHUB, (jwt) => jwt.setNotBefore(now + 60)))).toContain('"nbf" claim');
  const { sub: _sub, ...anonymous } = GITHUB;
  expect(await reasonOf(await token(anonymous))).toContain('"sub" claim');
  // The clocks of two machines differ.
  expect(await who(url, await token(GITHUB, (jwt) => jwt.setExpirationTime(now - 20)))).toHaveProperty('login');

  const body = (claims: object) => Buffer.from(JSON.stringify(claims)).toString('base64url');
  const claims = { ...GITHUB, iss: up.url, aud: 'https://packages.example.com', iat: now, exp: now + 300 };
  expect(await reasonOf(`${body({ alg: 'none' })}.${body(claims)}.x`)).toContain('alg');
  // Whoever knows the public key could sign with it as if it were a secret.
  const shared = new TextEncoder().encode(JSON.stringify(up.keys[0]));
  expect(await reasonOf(await sign(GITHUB, { kid: 'k1', alg: 'HS256', key: shared, url: up.url }, (jwt) => jwt))).toContain('alg');
  const evil = await generateKeyPair('RS256');
  expect(await reasonOf(await sign(GITHUB, { kid: 'k1', alg: 'RS256', key: evil.privateKey, url: up.url }, (jwt) => jwt))).toContain(
    'signature',
  );
  const own = await exportJWK(evil.publicKey);
  const embedded = new SignJWT(GITHUB).setProtectedHeader({ alg: 'RS256', jwk: own, jku: 'https://evil.example.com', kid: 'k1' });
  const signed = await embedded
    .setIssuer(up.url)
    .setAudience('https://packages.example.com')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(evil.privateKey);
  expect(await reasonOf(signed)).toContain('signature');
  expect(await reasonOf('a.b.c')).toContain('cannot be read');
});

test('a key that is new is fetched, and one that is gone is refused; keys of shared secrets are never used', async () => {
  const up = await issuer();
  const old = await up.add('k1');
  const url = await trusting(up.url, { algorithms: ['RS256', 'ES256'] });
  expect(await who(url, await old(GITHUB))).toHaveProperty('login');
  up.keys.push({ kty: 'oct', k: 'c2VjcmV0', kid: 'shared', alg: 'HS256' });
  const next = await up.add('k2', 'ES256');
  // Unknown keys lead to one fetch in ten seconds, whoever sends them.
  jest.useFakeTimers({
    doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'setInterval', 'clearTimeout', 'clearInterval', 'queueMicrotask', 'performance'],
  });
  try {
    expect(await who(url, await next(GITHUB))).toMatchObject({ status: 401 });
    jest.setSystemTime(Date.now() + 11_000);
    expect(await who(url, await next(GITHUB))).toHaveProperty('login');
    const third = await up.add('k3');
    jest.setSystemTime(Date.now() - 24 * 3_600_000);
    expect(await who(url, await third(GITHUB))).toHaveProperty('login');
    up.keys.shift();
    jest.setSystemTime(Date.now() + 11 * 60_000);
    expect(await who(url, await old(GITHUB))).toMatchObject({ status: 401 });
    // Keys are used for a day that cannot be fetched anew.
    up.broken = () => 500;
    jest.setSystemTime(Date.now() + 11 * 60_000);
    expect(await who(url, await next(GITHUB))).toHaveProperty('login');
    expect(await who(url, await old(GITHUB))).toMatchObject({ status: 503 });
    jest.setSystemTime(Date.now() + 25 * 3_600_000);
    expect(await who(url, await next(GITHUB))).toMatchObject({ status: 503 });
  } finally {
    jest.useRealTimers();
  }
});

test.each<[what: string, broken: Issuer['broken'], reason: string]>([
  ['is away', () => 500, 'answered 500'],
  [
    'is another one',
    () => JSON.stringify({ issuer: 'https://evil.example.com', jwks_uri: 'https://evil.example.com' }),
    'is of the issuer "https://evil.example.com"',
  ],
  ['leads to keys over http', (path) => (path.startsWith('/.well') ? 'http' : undefined), 'is not an https URL'],
  ['sends no JSON', () => '<html>', 'not valid JSON'],
  ['sends no end of it', () => `{"a":"${'x'.repeat(600 << 10)}"}`, 'larger than'],
  [
    'has keys without number',
    (path) => (path === '/keys' ? JSON.stringify({ keys: Array(1000).fill({}) }) : undefined),
    'at most 100 keys',
  ],
])('an issuer that %s makes a 503 that says so, and nobody gets in', async (_what, broken, reason) => {
  const up = await issuer();
  const token = await up.add('k1');
  const url = await trusting(up.url);
  up.broken = (path) => {
    const instead = broken?.(path);
    return instead === 'http' ? JSON.stringify({ issuer: up.url, jwks_uri: 'http://192.0.2.1/keys' }) : instead;
  };
  const answer = await call('GET', `${url}/api/registry/login`, { headers: bearer(await token(GITHUB)) });
  expect([answer.status, answer.header('retry-after'), answer.text]).toEqual([503, '10', expect.stringContaining(reason)]);
  // It is asked again after a while, not by every client.
  const asked = up.requests.length;
  expect((await call('GET', `${url}/version`, { headers: bearer(await token(GITHUB)) })).status).toBe(503);
  expect(up.requests).toHaveLength(asked);
});

test('a claim fits a glob as a whole, and only a plain one', () => {
  const wanted = { claims: { repository: ['acme/*'], environment: ['prod'] } };
  const cases: readonly (readonly [Record<string, unknown>, boolean])[] = [
    [{ repository: 'acme/app', environment: 'prod' }, true],
    [{ repository: 'acme/app' }, false],
    [{ repository: 'acme/app/x', environment: 'prod' }, false],
    [{ repository: 'acme-evil/app', environment: 'prod' }, false],
    [{ repository: 'ACME/app', environment: 'prod' }, false],
    [{ repository: 'acme/app', environment: ['prod'] }, false],
    [{ repository: 'acme/app', environment: 'prod\n' }, false],
  ];
  for (const [claims, expected] of cases) expect([claims, fits(wanted, claims)]).toEqual([claims, expected]);
  expect(fits({ claims: { constructor: ['*'] } }, {})).toBe(false);
});

test.each<[reason: string, content: unknown]>([
  ['is not JSON', '{'],
  ['is wrong at issuers: ', {}],
  ['is wrong at issuers.0.issuer: must be an https URL', { issuers: [{ issuer: 'http://issuer.example.com', audience: 'a', rules }] }],
  ['is wrong at issuers.0.audience: ', { issuers: [{ issuer: 'https://issuer.example.com', rules }] }],
  ['is wrong at issuers.0.algorithms.0: ', { issuers: [{ issuer: 'https://i.example.com', audience: 'a', algorithms: ['HS256'], rules }] }],
  [
    'unknown action "publish"',
    { issuers: [{ issuer: 'https://i.example.com', audience: 'a', rules: [{ claims: { sub: 'x' }, scopes: ['publish:*'] }] }] },
  ],
  ...[
    {},
    { ref: 'refs/heads/main' },
    { repository: '*' },
    { repository: '*/app' },
    { sub: 'repo:*' },
    { repository: ['acme/app', '*/*'] },
  ].map((claims): [string, unknown] => [
    'would admit pipelines of anybody',
    { issuers: [{ issuer: 'https://i.example.com', audience: 'a', rules: [{ claims, scopes: ['read:*'] }] }] },
  ]),
])('a file that %s is refused', (reason, content) => {
  const file = join(tempFolder(), 'oidc.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  expect(() => readIssuers(file)).toThrow(reason);
});
