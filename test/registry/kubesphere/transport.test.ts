import { ChartServer } from '../../support/chart-server';
import { cleanUp, tempFolder } from '../helpers';
import { TestKubeSphere, V3, V4 } from '../../support/kubesphere';

const WORKSPACES = '/kapis/tenant.kubesphere.io/v1beta1/workspacetemplates';
const forbidden = (message: string, details: object): unknown => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  reason: 'Forbidden',
  details,
  code: 403,
});

const generations = [
  { version: '4.1', managersSync: false, open: '/version', shut: '/kapis/version', root: V4, group: 'application.kubesphere.io' },
  { version: '3.4', managersSync: true, open: '/kapis/version', shut: '/version', root: V3, group: 'openpitrix.io' },
] as const;

describe.each(generations)('version $version', ({ version, managersSync, open, shut, root, group }) => {
  let ks: TestKubeSphere;
  beforeAll(async () => {
    ks = await TestKubeSphere.start({
      version,
      users: [
        { name: 'outsider', password: 'o' },
        { name: 'viewer', password: 'v', roles: { demo: 'viewer' } },
        { name: 'manager', password: 'm', roles: { demo: 'manager' } },
        { name: 'gone', password: 'g', isDisabled: true },
      ],
    });
  });
  afterAll(() => ks.stop());

  test(`tells its version at ${open} to everybody`, async () => {
    const answer = await ks.call('GET', open, { as: null });
    expect([answer.status, (answer.json as { gitVersion: string }).gitVersion.startsWith(`v${version}.`)]).toEqual([200, true]);
    expect(answer.text).toMatch(/^\{\n "gitVersion": "v/);
    const refused = await ks.call('GET', shut, { as: null });
    const message = `forbidden: User "system:anonymous" cannot GET path "${shut}"`;
    expect([refused.status, refused.json]).toEqual([403, forbidden(message, {})]);
    expect(refused.text).toMatch(/^\{"kind":"Status",[^\n]*\}\n$/);
  });

  test('refuses whoever does not log in, and says so even of groups that do not exist', async () => {
    const refused = await ks.call('GET', `${root}/workspaces/demo/repos`, { as: null });
    const reason = `User "system:anonymous" cannot list resource "repos" in API group "${group}" at the cluster scope`;
    expect([refused.status, refused.json]).toEqual([403, forbidden(`repos.${group} is forbidden: ${reason}`, { group, kind: 'repos' })]);
    expect((await ks.call('GET', '/kapis/nosuch.kubesphere.io/v9/repos', { as: 'outsider:o' })).status).toBe(403);
    const missing = await ks.call('GET', '/kapis/nosuch.kubesphere.io/v9/repos');
    expect([missing.status, missing.text]).toEqual([404, '404: Page Not Found']);
  });

  test('lets members of a workspace do what their role is for', async () => {
    const tries = [
      ['GET', `${root}/workspaces/demo/repos`],
      ['POST', `${root}/workspaces/demo/repos`],
      ['POST', `${root}/workspaces/demo/repos/x/action`],
      ['GET', `${root}/workspaces/other/repos`],
      ['GET', `${root}/repos`],
    ] as const;
    const outcome = async (as: string): Promise<boolean[]> => {
      const statuses = [];
      for (const [method, path] of tries)
        statuses.push((await ks.call(method, path, { as, ...(method === 'POST' && { body: '{}' }) })).status);
      return statuses.map((code) => code !== 403);
    };
    expect(await outcome('viewer:v')).toEqual([true, false, false, false, false]);
    expect(await outcome('manager:m')).toEqual([true, true, managersSync, false, false]);
    expect(await outcome('outsider:o')).toEqual([false, false, false, false, false]);
    expect(await outcome('admin:P@88w0rd')).toEqual([true, true, true, true, true]);
  });

  test('answers nothing but JSON, and 405 where a path does not take a method', async () => {
    const html = await ks.call('GET', `${root}/workspaces/demo/repos`, { headers: { accept: 'text/html' } });
    expect(html.status).toBe(406);
    const put = await ks.call('PUT', `${root}/workspaces/demo/repos/x`, { body: '{}' });
    expect([put.status, put.text, put.headers.get('content-type')]).toEqual([405, '405: Method Not Allowed', 'text/plain; charset=utf-8']);
  });
});

test('workspaces are there for whoever is logged in, and can be made and removed', async () => {
  const ks = await TestKubeSphere.start({ workspaces: ['demo'], users: [{ name: 'outsider', password: 'o' }] });
  try {
    expect(await ks.done('GET', `${WORKSPACES}/demo`, { as: 'outsider:o' })).toMatchObject({ kind: 'WorkspaceTemplate' });
    const missing = await ks.call('GET', `${WORKSPACES}/nope`, { as: 'outsider:o' });
    expect([missing.status, missing.text]).toEqual([404, 'WorkspaceTemplate.tenant.kubesphere.io "nope" not found\n']);
    expect((await ks.call('POST', WORKSPACES, { as: 'outsider:o', body: { metadata: { name: 'nope' } } })).status).toBe(403);
    await ks.workspace('nope');
    expect(await ks.done('GET', `/kapis/tenant.kubesphere.io/v1beta1/workspaces/nope`)).toMatchObject({ kind: 'Workspace' });
    await ks.done('DELETE', `${WORKSPACES}/nope`, { body: {} });
    expect((await ks.call('GET', `${WORKSPACES}/nope`)).status).toBe(404);
  } finally {
    await ks.stop();
  }
});

test('what is kept survives a restart; secrets are not logged', async () => {
  const charts = await ChartServer.start();
  const logged: unknown[] = [];
  const log = (...facts: unknown[]): void => void logged.push(facts);
  const data = tempFolder();
  const options = { data, logger: { info: log, warn: log, error: log } };
  const first = await TestKubeSphere.start(options);
  const metadata = { name: 'kept', labels: { 'kubesphere.io/workspace': 'demo' } };
  const body = { metadata, spec: { url: `http://ci:p%40ss%2Fw@${charts.host}/auth`, syncPeriod: 0 } };
  await first.done('POST', `${V4}/workspaces/demo/repos`, { body });
  const token = (await first.token({ username: 'admin', password: 'P@88w0rd' })).json as { access_token: string };
  await first.stop();
  const second = await TestKubeSphere.start(options);
  const kept = await second.call('GET', `${V4}/repos/kept`, { as: null, headers: { authorization: `Bearer ${token.access_token}` } });
  expect(kept.json).toMatchObject({ spec: { credential: { password: 'p@ss/w' } } });
  await second.stop();
  await charts.stop();
  expect(JSON.stringify(logged)).not.toMatch(/p@ss|p%40ss|P@88/);
  await cleanUp();
});
