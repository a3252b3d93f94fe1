import type { Value, ValueRecord } from '../../../src/common/value';
import { pack, unpack } from '../../../src/protocol/msgpack';
import { complete, type Core } from '../../../src/testing/core';
import type { FaultKind } from '../../../src/testing/http-server';
import { answer, Stand } from './stand';

let stand: Stand;
beforeAll(async () => {
  stand = await Stand.start();
  await stand.bk.project('payments');
  await stand.bk.repository('payments', 'files');
  await stand.bk.user('alice');
});
afterAll(() => stand.stop());

interface Opened {
  readonly result: Value;
  readonly said: readonly string[];
}

async function open(core: Core, typeName: string, given: ValueRecord): Promise<Opened> {
  const attributes = core.provider.schema().ephemeralResources[typeName]?.block.attributes ?? [];
  const config = { msgpack: pack(complete(attributes, given)) };
  const { diagnostics: refused = [] } = await core.client.call('ValidateEphemeralResourceConfig', { typeName, config });
  if (refused.length > 0) return { result: null, said: refused.map(({ detail }) => detail ?? '') };
  const { result, diagnostics = [] } = await core.client.call('OpenEphemeralResource', { typeName, config });
  return { result: unpack(result?.msgpack ?? Buffer.of(0xc0)), said: diagnostics.map(({ detail }) => detail ?? '') };
}

describe('a token for a run', () => {
  it('takes no token of that name over, which the server would renew for it', async () => {
    const made = await stand.bk.done('POST', '/auth/api/user/token/alice/ci?expiredAt=2099-01-01T00:00:00.000Z');
    const { said } = await open(await stand.core(), 'bkrepo_user_token', { user: 'alice', name: 'ci' });
    expect(said).toEqual([expect.stringContaining('"name": the user "alice" already has a token "ci"')]);
    const as = `alice:${(made as { id: string }).id}`;
    expect((await stand.bk.call('GET', '/auth/api/user/userinfo/alice', { as })).status).toBe(200);
  });

  it('ends within ten years', async () => {
    const { said } = await open(await stand.core(), 'bkrepo_user_token', { user: 'alice', expires_in: 1e15 });
    expect(said).toEqual(['"expires_in": 1000000000000000 is too much; at most 315360000 is allowed.']);
  });
});

describe('temporary access', () => {
  const name = 'a b;c?token=x#/d.txt';
  const given = { project: 'payments', repository: 'files', paths: [name], type: 'DOWNLOAD' };
  const told = (fields: object): FaultKind => answer([{ projectId: 'payments', repoName: 'files', fullPath: `/${name}`, ...fields }]);
  afterEach(() => stand.server.heal());

  it('takes the token from the URL, where the answer has it nowhere else, and encodes the path, which the server does not', async () => {
    const base = 'http://localhost/temporary/download/payments/files/';
    stand.server.fault({ kind: told({ url: `${base}${name}?token=0123456789abcdef`, expireDate: null }), path: /temporary/ });
    const { result, said } = await open(await stand.core(), 'bkrepo_temporary_access', given);
    expect(said).toEqual([]);
    const url = `${base}a%20b%3Bc%3Ftoken%3Dx%23/d.txt?token=0123456789abcdef`;
    expect((result as ValueRecord)['granted']).toEqual([{ path: name, token: '0123456789abcdef', url, expire_date: '' }]);
    expect(JSON.stringify(stand.logs)).not.toContain('0123456789abcdef');
  });

  it.each([{}, { url: 'no URL' }, { url: 'http://localhost/temporary/download/payments/files/a' }])(
    'without a token in the answer is an error: %j',
    async (fields) => {
      stand.server.fault({ kind: told(fields), path: /temporary/ });
      const { result, said } = await open(await stand.core(), 'bkrepo_temporary_access', given);
      expect([result, said]).toEqual([null, [expect.stringContaining('contains no token for "a b;')]]);
    },
  );

  it.each([
    ['UPLOAD', '/generic/temporary/upload/payments/files/a'],
    ['DOWNLOAD', '/generic/temporary/download/payments/files/a'],
    ['ALL', ''],
    ['PREVIEW', ''],
  ])('of the type %s has a token, and a URL where the server makes one', async (type, path) => {
    const given = { project: 'payments', repository: 'files', paths: ['a'], type };
    const { result, said } = await open(await stand.core(), 'bkrepo_temporary_access', given);
    expect(said).toEqual([]);
    const [granted] = (result as ValueRecord)['granted'] as readonly ValueRecord[];
    expect(granted?.['token']).toMatch(/^[0-9a-f]{32}$/);
    expect(String(granted?.['url']).replace(/^https?:\/\/[^/]+|\?.*$/g, '')).toBe(path);
  });
});
