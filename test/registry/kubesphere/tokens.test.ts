import { setTimeout as sleep } from 'node:timers/promises';
import { TestKubeSphere, V3, V4 } from '../../support/kubesphere';

interface Issued {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
}

const login = { username: 'admin', password: 'P@88w0rd' };
const bearer = (token: string) => ({ as: null, headers: { authorization: `Bearer ${token}` } });

async function issued(ks: TestKubeSphere, fields: Record<string, string>): Promise<Issued> {
  const { status, json } = await ks.token(fields);
  expect(status).toBe(200);
  return json as Issued;
}

test('a token lasts as long as it says; the one that renews lasts longer, whether used or not', async () => {
  const ks = await TestKubeSphere.start({ accessTokenMaxAge: 1.5, accessTokenInactivityTimeout: 3 });
  try {
    const first = await issued(ks, login);
    expect(first.expires_in).toBe(1);
    expect((await ks.call('GET', `${V4}/repos`, bearer(first.access_token))).status).toBe(200);
    await sleep(1600);
    const late = await ks.call('GET', `${V4}/repos`, bearer(first.access_token));
    expect(late).toMatchObject({ status: 401, json: { reason: 'Unauthorized', code: 401 } });
    expect(late.text).toMatch(/"jwt: token is expired by [\d.]+m?s"/);
    const second = await issued(ks, { grant_type: 'refresh_token', refresh_token: first.refresh_token });
    expect((await ks.call('GET', `${V4}/repos`, bearer(second.access_token))).status).toBe(200);
    await sleep(3000);
    const over = await ks.token({ grant_type: 'refresh_token', refresh_token: first.refresh_token });
    expect([over.status, over.json]).toEqual([
      400,
      { error: 'invalid_grant', error_description: 'The refresh token is invalid or expired.' },
    ]);
  } finally {
    await ks.stop();
  }
});

test('where a user may be logged in once only, a login and a renewal end what was before', async () => {
  const ks = await TestKubeSphere.start({ multipleLogin: false, accessTokenMaxAge: 100.5 });
  try {
    const first = await issued(ks, login);
    const second = await issued(ks, login);
    const ended = await ks.call('GET', `${V4}/repos`, bearer(first.access_token));
    expect(ended).toMatchObject({ status: 401, json: { message: 'token not found in cache' } });
    expect((await ks.token({ grant_type: 'refresh_token', refresh_token: first.refresh_token })).status).toBe(400);
    const third = await issued(ks, { grant_type: 'refresh_token', refresh_token: second.refresh_token });
    expect((await ks.call('GET', `${V4}/repos`, bearer(second.access_token))).status).toBe(401);
    expect((await ks.call('GET', `${V4}/repos`, bearer(third.access_token))).status).toBe(200);
  } finally {
    await ks.stop();
  }
});

test('a token of another server is refused, and so is one that was changed', async () => {
  const [one, other] = [await TestKubeSphere.start({ version: '3.4' }), await TestKubeSphere.start({ version: '3.4' })];
  try {
    const { access_token: token } = await issued(one, login);
    expect((await one.call('GET', `${V3}/repos`, bearer(token))).status).toBe(200);
    expect((await other.call('GET', `${V3}/repos`, bearer(token))).status).toBe(401);
    const [head = '', , signature = ''] = token.split('.');
    const forged = Buffer.from(JSON.stringify({ sub: 'admin', token_type: 'access_token', iat: 0, exp: 9e9 })).toString('base64url');
    expect((await one.call('GET', `${V3}/repos`, bearer([head, forged, signature].join('.')))).status).toBe(401);
    const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
    expect((await one.call('GET', `${V3}/repos`, bearer(`${unsigned}.${forged}.`))).status).toBe(401);
  } finally {
    await Promise.all([one.stop(), other.stop()]);
  }
});
