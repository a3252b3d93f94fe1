import { bkrepo } from '../../src/resources/bkrepo';
import { genericFile } from '../../src/resources/bkrepo/generic-file';
import { createHash } from 'node:crypto';
import { connect } from '../../src/handler/configuration';
import type { ApiClient } from '../../src/schema/define/client';
import { type Permission, permissionOf } from '../../src/schema/define/needs';
import type { Target } from '../../src/testing/target';
import { registryTarget } from '../support/contract-targets';
import { bkrepoLogin } from '../support/logins';

const { contents, needs } = genericFile;
const place = { project: 'payments', repository: 'files' };
const container = [place.project, place.repository, ''];
const permissionsOf = (operation: 'list' | 'read' | 'copyFrom' | 'copyTo'): Permission[] => (needs?.[operation] ?? []).map(permissionOf);

let target: Target;
beforeAll(async () => {
  target = await registryTarget(bkrepo, true);
  const admin = await target.client();
  await admin.post('/repository/api/project/create', { name: place.project, displayName: 'Payments', description: '' });
  await admin.post('/repository/api/repo/create', { projectId: place.project, name: place.repository, type: 'GENERIC', category: 'LOCAL' });
  await admin.send({ method: 'PUT', path: '/generic/payments/files/a.txt', text: 'hello' });
  await admin.close();
});
afterAll(() => target.stop());

/** Calls something as a login that has certain permissions. */
async function as(permissions: readonly Permission[], call: (client: ApiClient) => Promise<unknown>): Promise<string> {
  const login = await bkrepoLogin(
    target,
    permissions.map((permission) => ({ permission, place })),
  );
  const config = { ...target.login, ...login, endpoint: target.server.endpoint };
  const { connected } = await connect(config, { provider: bkrepo, terraformVersion: '0.0.0', env: {} });
  if (!connected) throw new Error('there is no client for the server');
  try {
    await call(connected.client);
    return 'done';
  } catch (thrown) {
    return (thrown as { code?: string }).code ?? String(thrown);
  } finally {
    await connected.root.close();
  }
}

/** Expects a step to succeed with all of these, and to be refused without any one of them. */
async function expectNeeded(needed: Parameters<typeof as>[0], step: Parameters<typeof as>[1]): Promise<void> {
  expect(await as(needed, step)).toBe('done');
  for (const one of needed) {
    const others = needed.filter((other) => other !== one);
    expect([one.label, await as(others, step)]).toEqual([one.label, 'forbidden']);
  }
}

test('files are copied from a server with what that needs, and not with one permission less', async () => {
  const copy = async (client: ApiClient): Promise<void> => {
    expect((await contents?.list(client, container))?.map(({ name }) => name)).toEqual(['a.txt']);
    await client.send({ method: 'GET', ...contents?.request([...container.slice(0, 2), 'a.txt']), digest: true } as never);
  };
  const needed = [...new Set([...permissionsOf('list'), ...permissionsOf('read'), ...permissionsOf('copyFrom')])];
  await expectNeeded(needed, copy);
});

test('files are copied to a server with what that needs, and not with one permission less', async () => {
  let count = 0;
  const copy = async (client: ApiClient): Promise<void> => {
    const bytes = Buffer.from(`file ${(count += 1)}`);
    const name = `copied-${count}.txt`;
    await contents?.list(client, container);
    const content = {
      size: bytes.length,
      async *open() {
        yield await Promise.resolve(bytes);
      },
    };
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await contents?.upload(client, [...container.slice(0, 2), name], { content, sha256, file: { name }, replaces: false });
  };
  const needed = [...new Set([...permissionsOf('list'), ...permissionsOf('read'), ...permissionsOf('copyTo')])];
  await expectNeeded(needed, copy);
});
