import { providerCore } from '../../src/testing/target';
import {
  attr,
  connection,
  defineProvider,
  defineResource,
  type LoggedIn,
  type ProviderDefinition,
  UnexpectedAnswer,
  type ApiClient,
  z,
} from '../../src/schema/define';
import { type OAuthServer, startOAuthServer, user } from '../support/oauth-server';

/** Logs in as RFC 6749 says: with the password, then with the refresh token for as long as that is taken. */
function passwordGrant({ username, password }: Readonly<Record<string, unknown>>): (client: ApiClient) => Promise<LoggedIn> {
  let refreshToken: string | undefined;
  const ask = async (client: ApiClient, form: Record<string, string>): Promise<LoggedIn> => {
    const answer = (await client.send({ method: 'POST', path: '/oauth/token', form, secrets: Object.values(form).slice(1) }))
      .json as Record<string, unknown>;
    const { access_token: token, refresh_token: next, expires_in: seconds } = answer;
    if (typeof token !== 'string') throw new UnexpectedAnswer('the answer of the token endpoint has no access_token');
    refreshToken = typeof next === 'string' ? next : undefined;
    return {
      headers: { authorization: `Bearer ${token}` },
      ...(refreshToken !== undefined && { secrets: [refreshToken] }),
      ...(typeof seconds === 'number' && { expiresAt: new Date(Date.now() + seconds * 1000) }),
    };
  };
  return async (client) => {
    const kept = refreshToken;
    refreshToken = undefined;
    if (kept !== undefined) {
      const again = await ask(client, { grant_type: 'refresh_token', refresh_token: kept }).catch(() => undefined);
      if (again) return again;
    }
    return ask(client, { grant_type: 'password', username: String(username), password: String(password) });
  };
}

const team = defineResource({
  type: 'acme_team',
  description: 'A team.',
  attributes: { name: attr(z.string(), 'Name.', { forceNew: true }), note: attr(z.string().default(''), 'Note.') },
  key: ['name'],
  read: ({ client, key }) => client.find(`/teams/${key.name}`),
  create: ({ client, body }) => client.post('/teams', body),
  update: ({ client, key, body }) => client.put(`/teams/${key.name}`, body),
  remove: ({ client, key }) => client.delete(`/teams/${key.name}`),
  example: { minimal: { name: 'core' }, full: { name: 'core', note: 'n' } },
});

const acme: ProviderDefinition = defineProvider({
  name: 'acme',
  title: 'Acme',
  description: 'Acme.',
  attributes: connection('Acme'),
  connect: ({ config, client }) => client.with({ login: passwordGrant(config) }),
  resources: [team],
  example: {},
});

let server: OAuthServer;
afterEach(() => server.stop());

async function configured(config: Record<string, string | number> = {}) {
  const made = providerCore(acme);
  expect(await made.core.configure({ endpoint: server.endpoint, ...user, max_retries: 1, ...config })).toEqual([]);
  return made;
}

/** Creates teams, ten at a time, as long as `more` of the number so far, and reads them back; what was said of it. */
async function applyWhile(core: Awaited<ReturnType<typeof configured>>['core'], more: (count: number) => boolean): Promise<string[]> {
  const said: string[] = [];
  let next = 0;
  const walk = async (): Promise<void> => {
    while (more(next)) {
      const { instance, diagnostics } = await core.ensure('acme_team', { name: `t${next++}` });
      said.push(...diagnostics.map(({ detail }) => detail));
      if (instance) said.push(...(await core.refresh(instance)).diagnostics.map(({ detail }) => detail));
    }
  };
  await Promise.all(Array.from({ length: 10 }, walk));
  return said;
}

const applyMany = (core: Awaited<ReturnType<typeof configured>>['core'], count: number): Promise<string[]> =>
  applyWhile(core, (so) => so < count);

/** Everything that came out of a process must be free of the tokens and the password. */
const shown = (text: string): string[] => [...server.tokens, user.password].filter((secret) => text.includes(secret));

it('logs in at the first request, once for all that ask together', async () => {
  server = await startOAuthServer({ lifetime: 3600 });
  const { core, logs } = await configured();
  expect(server.grants).toEqual([]);
  expect(await applyMany(core, 40)).toEqual([]);
  expect([server.grants, server.counts.refused]).toEqual([['password'], 0]);
  expect(shown(logs.join())).toEqual([]);
});

it('logs in anew before the token ends in the middle of an apply, before calls are refused', async () => {
  server = await startOAuthServer({ lifetime: 1 });
  const { core, logs } = await configured();
  const began = Date.now();
  expect(await applyWhile(core, () => Date.now() - began < 3500)).toEqual([]);
  const lifetimes = (Date.now() - began) / 900;
  expect(server.grants[0]).toBe('password');
  expect(new Set(server.grants.slice(1))).toEqual(new Set(['refresh_token']));
  expect([server.grants.length >= 3, server.grants.length <= lifetimes + 2 + server.counts.refused]).toEqual([true, true]);
  // Without looking at the clock, each login but the first would follow a refusal; on a busy machine some do.
  expect(server.counts.early).toBeGreaterThan(1);
  expect(shown(logs.join())).toEqual([]);
}, 60_000);

it.each([
  ['the token', false, ['password', 'refresh_token']],
  ['the token and the refresh token', true, ['password', 'refresh_token', 'password']],
])('sends a call again with a new login when %s was revoked, once for all calls', async (_, all, grants) => {
  server = await startOAuthServer({ lifetime: 3600 });
  const { core } = await configured();
  expect(await applyMany(core, 10)).toEqual([]);
  server.revoke(all);
  const { instance, diagnostics } = await core.ensure('acme_team', { name: 'one-more' });
  expect([instance?.state, diagnostics]).toMatchObject([{ name: 'one-more' }, []]);
  expect(server.grants).toEqual(grants);
});

it('does not log in again and again when the server refuses the new token too', async () => {
  server = await startOAuthServer({ lifetime: 3600 });
  const { core } = await configured();
  expect(await applyMany(core, 10)).toEqual([]);
  server.api.takesTokens = false;
  const said = await applyMany(core, 30);
  expect(said.length).toBe(30);
  expect(said[0]).toMatch(/answered 401.*it was sent with the username and password of the provider block/);
  expect([server.grants.length <= 3, shown(said.join())]).toEqual([true, []]);
});

it('tries a refused login once in the life of a process, and tells each call why', async () => {
  server = await startOAuthServer({ lifetime: 3600 });
  const { core, logs } = await configured({ password: 'wr0ng-password' });
  const said = await applyMany(core, 20);
  expect(server.grants).toEqual(['password']);
  expect(said).toHaveLength(20);
  for (const detail of said) {
    expect(detail).toMatch(/not sent, because the login was refused: POST .*\/oauth\/token answered 400.*invalid_grant/);
    expect(detail).toMatch(/the username and password of the provider block|Check the credentials/);
  }
  expect([...said, ...logs].join()).not.toContain('wr0ng-password');
});

it('tries a login again that failed for another reason, and tells meanwhile what it was', async () => {
  server = await startOAuthServer({ lifetime: 3600 });
  const { core } = await configured({ max_retries: 0 });
  server.fault({ kind: { status: 500, text: 'no database' }, path: /oauth/ });
  const first = await core.ensure('acme_team', { name: 'a' });
  expect(first.instance).toBeUndefined();
  expect(
    first.diagnostics.map(({ summary, detail }) => [summary, /because the login failed: .*answered 500: no database/.test(detail)]),
  ).toEqual([['Server Error', true]]);
  expect((await core.ensure('acme_team', { name: 'a' })).diagnostics).toEqual([]);
});

it('keeps the state when the login server is away or has no such path', async () => {
  server = await startOAuthServer({ lifetime: 3600 });
  const { instance } = await (await configured()).core.ensure('acme_team', { name: 'a' });
  if (!instance) throw new Error('it should have been made');
  for (const kind of ['reset', { status: 404 }] as const) {
    const { core } = await configured({ max_retries: 0 });
    server.fault({ kind, path: /oauth/, times: 9 });
    const refreshed = await core.refresh(instance);
    expect([refreshed.instance, refreshed.diagnostics.map(({ severity }) => severity)]).toEqual([instance, ['error']]);
    server.heal();
  }
});

it('ends a login that hangs when it is stopped', async () => {
  server = await startOAuthServer({ lifetime: 3600 });
  const { core } = await configured();
  server.fault({ kind: 'hang', path: /oauth/, times: 9 });
  const waiting = core.ensure('acme_team', { name: 'a' });
  await new Promise((resolve) => setTimeout(resolve, 200));
  const stopped = performance.now();
  core.provider.stop();
  expect((await waiting).diagnostics.map(({ summary }) => summary)).toEqual(['Cancelled']);
  expect(performance.now() - stopped).toBeLessThan(10_000);
});
