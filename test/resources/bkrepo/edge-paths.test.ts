import { createHash } from 'node:crypto';
import { bkrepo } from '../../../src/resources/bkrepo';
import type { ValueRecord } from '../../../src/common/value';
import { done } from '../../../src/testing/subject';
import { readData } from '../../../src/testing/read-subject';
import { providerCore } from '../../../src/testing/target';
import { basic } from '../../support/bkrepo';
import { refusal, Stand } from './stand';

let stand: Stand;
beforeAll(async () => {
  stand = await Stand.start();
  await stand.bk.project('payments');
  await stand.bk.repository('payments', 'files');
  await stand.bk.user('alice');
});
afterAll(() => stand.stop());
afterEach(() => stand.server.heal());

const odd = ['a b', '100%', '%2F', 'ü 文件', 'x#y', 'q?z', 'a+b', 'a&b=c', 'semi;colon', "quo'te", 'a,b', '~tilde', '[x]{y}'];

describe('#22 names and paths are encoded', () => {
  it.each(odd)('#22 in the path of a file and of its metadata: %s', async (name) => {
    const file = { project: 'payments', repository: 'files', path: `docs/${name}/${name}.txt` };
    const core = await stand.core();
    const made = done(await core.ensure('bkrepo_generic_file', { ...file, content: 'one' }));
    const { url, size, sha256 } = made.state as ValueRecord;
    const fetched = await fetch(String(url), { headers: { authorization: basic('admin:password') } });
    expect([fetched.status, await fetched.text(), size, sha256]).toEqual([200, 'one', 3, createHash('sha256').update('one').digest('hex')]);
    const metadata = done(await core.ensure('bkrepo_node_metadata', { ...file, metadata: { [name]: name, blank: '' } }));
    for (const instance of [made, metadata]) {
      const fresh = await stand.core();
      for (let round = 0; round < 3; round += 1) expect(await fresh.refresh(instance)).toMatchObject({ instance, drift: [] });
      expect(done(await fresh.import(instance.type, `payments/files/${file.path}`)).state).toMatchObject(file);
    }
    // Overwriting keeps the metadata, whose names and values go through a header.
    const changed = done(await core.ensure('bkrepo_generic_file', { ...file, content: 'two' }, made));
    expect(await core.refresh(metadata)).toMatchObject({ instance: metadata, drift: [] });
    const { state } = await readData(core, 'bkrepo_nodes', { project: 'payments', repository: 'files', path: `docs/${name}` });
    expect(((state as ValueRecord)['nodes'] as ValueRecord[]).map(({ path }) => path)).toEqual([file.path]);
    for (const instance of [metadata, changed])
      expect(await core.apply(await core.plan(instance.type, null, instance))).toEqual({ instance: undefined, diagnostics: [] });
    expect((await core.refresh(changed)).instance).toBeUndefined();
  });

  it.each(odd)('#22 in the names of tokens, roles and permissions: %s', async (name) => {
    const core = await stand.core();
    const configs: readonly (readonly [string, ValueRecord, string])[] = [
      ['bkrepo_user_token', { user: 'alice', name }, `alice/${name}`],
      ['bkrepo_role', { project: 'payments', role_id: name, name: `Role ${name}` }, `payments/${name}`],
      ['bkrepo_permission', { project: 'payments', resource_type: 'PROJECT', name, actions: ['READ'] }, `payments/PROJECT/${name}`],
    ];
    for (const [type, config, id] of configs) {
      const made = done(await core.ensure(type, config));
      const fresh = await stand.core();
      for (let round = 0; round < 2; round += 1) expect(await fresh.refresh(made)).toMatchObject({ instance: made, drift: [] });
      expect(done(await fresh.import(type, id)).state).toMatchObject(config);
      await core.apply(await core.plan(type, null, made));
      expect((await (await stand.core()).refresh(made)).instance).toBeUndefined();
    }
  });
});

describe('#21 paths are written as the server keeps them', () => {
  const { core: offline } = providerCore(bkrepo);
  const bad = ['/a', 'a/', 'a//b', 'a\\b', ' a', 'a ', 'a /b', 'a/ b', './a', 'a/../b', '..', '.', 'a\nb', ''];

  it.each(bad)('#21 %j is refused at validation', async (path) => {
    const config = { project: 'payments', repository: 'files', path };
    expect((await offline.validate('bkrepo_generic_file', { ...config, content: '' })).map((told) => told.path)).toEqual(['path']);
    expect((await offline.validate('bkrepo_node_metadata', { ...config, metadata: { a: 'b' } })).map((told) => told.path)).toEqual([
      'path',
    ]);
  });

  it('#21 a file that somebody put under another spelling of its path is the same file', async () => {
    await stand.bk.done('PUT', '/generic/payments/files//spelled///docs/x.txt', { body: 'x' });
    const imported = done(await (await stand.core()).import('bkrepo_generic_file', 'payments/files/spelled/docs/x.txt'));
    expect(imported.state).toMatchObject({ path: 'spelled/docs/x.txt', size: 1 });
  });
});

describe('#24 a user whom the server made by itself', () => {
  it('#24 is refused by a create and taken by an import', async () => {
    const role = { project: 'payments', role_id: 'helpers', name: 'Helpers', users: ['made-by-role'] };
    await stand.made('bkrepo_role', role);
    const config = { user_id: 'made-by-role', name: 'Helper', password: 'a-long-password' };
    const refused = await (await stand.core()).ensure('bkrepo_user', config);
    expect([refused.instance, refused.diagnostics.map(({ summary }) => summary)]).toEqual([undefined, ['Already on the Server']]);
    const imported = done(await (await stand.core()).import('bkrepo_user', 'made-by-role'));
    const plan = await (await stand.core()).plan('bkrepo_user', config, imported);
    expect([plan.action, [...plan.changes].sort()]).toEqual(['update', ['name', 'password']]);
    done(await (await stand.core()).apply(plan));
    expect((await stand.bk.call('GET', '/auth/api/user/userinfo/made-by-role', { as: 'made-by-role:a-long-password' })).status).toBe(200);
  });
});

describe('#25 words in any language', () => {
  it.each([
    ['gone', 'GET', refusal(400, 251006, '仓库不存在'), ['Object Is Gone']],
    ['not gone', 'GET', refusal(400, 250105, 'not found: 404 does not exist'), ['Refused by the Server']],
    ['not gone', 'GET', refusal(403, 250113, 'repository not found'), ['Not Allowed']],
  ] as const)('#25 mean nothing, the code does: %s after %s %j', async (...[, method, kind, summaries]) => {
    await stand.bk.repository('payments', 'worded').catch(() => undefined);
    const imported = done(await (await stand.core()).import('bkrepo_local_repository', 'payments/worded'));
    stand.server.fault({ kind, method });
    const { diagnostics } = await (await stand.core()).refresh(imported);
    expect(diagnostics.map(({ summary }) => summary)).toEqual(summaries);
  });

  it('#25 a name that is taken is told by its code', async () => {
    stand.server.fault({ kind: refusal(400, 251007, '仓库 [worded] 已存在'), method: 'POST' });
    const config = { project: 'payments', name: 'fresh', type: 'GENERIC' };
    const { diagnostics } = await (await stand.core()).ensure('bkrepo_local_repository', config);
    expect(diagnostics.map(({ summary }) => summary)).toEqual(['Conflict']);
    expect(diagnostics[0]?.detail).toContain('with code 251007: 仓库 [worded] 已存在 (a deleted repository reserves its name');
  });
});
