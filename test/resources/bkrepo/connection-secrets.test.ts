import type { ValueRecord } from '../../../src/common/value';
import { bkrepo } from '../../../src/resources/bkrepo';
import { PLATFORM_KEYS } from '../../support/bkrepo';
import { startServer, type TestServer } from '../../../src/testing/http-server';
import { providerCore } from '../../../src/testing/target';
import { PLATFORM, refusal, Stand } from './stand';

const project = { name: 'payments', display_name: 'Payments' };
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('secrets of the connection', () => {
  let server: Pick<TestServer, 'stop'> | undefined;
  afterEach(() => server?.stop());

  it.each<[what: string, login: ValueRecord, secrets: readonly string[]]>([
    [
      'a password',
      { username: 'alice', password: 'p4ss&w<rd' },
      ['p4ss&w<rd', 'p4ss\\u0026w', base64('alice:p4ss&w<rd'), base64('p4ss&w<rd')],
    ],
    [
      'the keys of a platform account',
      { access_key: 'AK-4711', secret_key: 'SK-0815', uid: 'admin' },
      ['AK-4711', 'SK-0815', base64('AK-4711:SK-0815')],
    ],
    ['a header for the gateway', { headers: [{ name: 'X-Gateway', value: 'g4teway-secret' }] }, ['g4teway-secret']],
  ])('%s, echoed by the server, shows in no error and no line of the log', async (...[, login, secrets]) => {
    const echo = await startServer((got) => ({
      status: 200,
      text: JSON.stringify({ code: 250105, message: `you sent ${JSON.stringify(got.headers)}` }),
    }));
    server = echo;
    const kinds = [
      ['the headers', undefined],
      ['each secret', refusal(401, 401, `Authorization value [${secrets.join(' ')}] is not a valid scheme.`)],
      ['each secret in a page', { status: 502, text: `<p>${secrets.join(' ')}</p>` }],
    ] as const;
    for (const [what, kind] of kinds) {
      echo.heal();
      if (kind) echo.fault({ kind, times: 99 });
      const { core, logs } = providerCore(bkrepo);
      const problems = await core.configure({ endpoint: echo.endpoint, max_retries: 0, ...login });
      expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      const answers = [
        await core.import('bkrepo_user', 'alice'),
        await core.ensure('bkrepo_project', project),
        await core.ensure('bkrepo_user', { user_id: 'bob', name: 'Bob', password: 'bobs-password' }),
      ];
      const told = JSON.stringify(answers.map(({ diagnostics }) => diagnostics));
      expect([what, answers.every(({ diagnostics }) => diagnostics.length > 0), /\(sensitive\)/.test(told)]).toEqual([what, true, true]);
      for (const secret of [...secrets, 'bobs-password'])
        expect([what, told.includes(secret), JSON.stringify(logs).includes(secret)]).toEqual([what, false, false]);
    }
  });

  it('a wrong password is said so, without the password', async () => {
    const stand = await Stand.start();
    server = stand;
    const core = await stand.core({}, { username: 'admin', password: 'wr0ng-secret' });
    const { diagnostics } = await core.ensure('bkrepo_project', project);
    expect(diagnostics.map(({ summary }) => summary)).toEqual(['Not Authenticated']);
    const platform = await stand.core({}, { ...PLATFORM, secret_key: `${PLATFORM_KEYS.secretKey}-wrong` });
    const refused = await platform.ensure('bkrepo_user', { user_id: 'bob', name: 'Bob', password: 'bobs-password' });
    expect(refused.diagnostics.map(({ summary }) => summary)).toEqual(['Not Authenticated']);
    expect(JSON.stringify([diagnostics, refused, stand.logs])).not.toMatch(/wr0ng|test-secret-key|test-access-key/);
  });
});
