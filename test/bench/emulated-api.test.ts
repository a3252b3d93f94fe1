import { EmulatedApi } from '../../scripts/bench/emulated-api';

describe('the emulated API', () => {
  const api = new EmulatedApi();
  let url = '';
  const call = (method: string, path: string, body?: object) =>
    fetch(url + path, { method, ...(body && { body: JSON.stringify(body) }) }).then(async (response) => ({
      status: response.status,
      text: await response.text(),
    }));

  beforeAll(async () => {
    url = await api.listen();
  });
  afterAll(() => api.close());
  beforeEach(() => {
    api.forget();
    api.take();
  });

  const remote = { name: 'one', package_type: 'generic', base_url: 'https://files.example.com' };
  const whole = {
    repo_type: 'remote',
    description: '',
    username: '',
    immutable_ttl: 0,
    mutable_ttl: 3600,
    patterns: [],
    blocklist: [],
    mutable_patterns: [],
    immutable_patterns: [],
    ...remote,
  };

  it('creates, reads, lists, replaces and deletes remotes, and fills in what was left out', async () => {
    const created = await call('POST', '/api/v2/remotes', remote);
    expect({ ...created, text: JSON.parse(created.text) }).toEqual({ status: 201, text: whole });
    expect(JSON.parse((await call('GET', '/api/v2/remotes/one')).text)).toEqual(whole);
    expect(JSON.parse((await call('GET', '/api/v2/remotes')).text)).toEqual([whole]);
    const replaced = await call('PUT', '/api/v2/remotes/one', { ...remote, mutable_ttl: 7200 });
    expect(JSON.parse(replaced.text)).toEqual({ ...whole, mutable_ttl: 7200 });
    expect(await call('DELETE', '/api/v2/remotes/one')).toEqual({ status: 204, text: '' });
    expect(await call('GET', '/api/v2/remotes/one')).toEqual({ status: 404, text: 'not found\n' });
    expect(api.size).toBe(0);
  });

  it('refuses a name that is taken, a body without one, and a path that it does not have', async () => {
    await call('POST', '/api/v2/remotes', remote);
    expect((await call('POST', '/api/v2/remotes', remote)).status).toBe(409);
    expect((await call('POST', '/api/v2/remotes', {})).status).toBe(400);
    expect((await call('GET', '/api/v2/tokens')).status).toBe(404);
  });

  it('has the repositories of BK-Repo: a create answers less than a read, failures have codes, each project has its list', async () => {
    const base = '/repository/api/repo';
    const data = async (method: string, path: string, body?: object): Promise<unknown> =>
      (JSON.parse((await call(method, path, body)).text) as { data: unknown }).data;
    const sent = { projectId: 'p', name: 'one', type: 'GENERIC', category: 'LOCAL', public: false, configuration: { type: 'local' } };
    const made = await data('POST', `${base}/create`, sent);
    expect(made).toEqual(expect.objectContaining({ ...sent, storageCredentials: null }));
    expect(Object.keys(made as object)).not.toEqual(expect.arrayContaining(['display']));
    await call('POST', `${base}/create`, { ...sent, projectId: 'q' });
    await call('POST', `${base}/update/p/one`, { description: 'new' });
    const read = await data('GET', `${base}/info/p/one`);
    expect(read).toMatchObject({ ...sent, description: 'new', display: true, storageCredentialsKey: null });
    expect(await data('GET', `${base}/list/p`)).toEqual([read]);
    expect(await data('POST', '/repository/api/node/search', {})).toMatchObject({ records: [] });
    expect(JSON.parse((await call('POST', `${base}/create`, sent)).text)).toMatchObject({ code: 251007 });
    await call('DELETE', `${base}/delete/p/one?forced=false`);
    expect(await call('GET', `${base}/info/p/one`)).toMatchObject({ status: 404, text: expect.stringContaining('251006') as string });
    expect(api.size).toBe(1);
    expect(api.take().byRoute).toMatchObject({ 'POST /repo/update/{project}/{name}': 1, 'GET /repo/list/{project}': 1 });
  });

  it('counts requests by route, and begins at zero when they were taken', async () => {
    await call('POST', '/api/v2/remotes', remote);
    await call('GET', '/api/v2/remotes/one');
    await call('GET', '/api/v2/remotes/two');
    expect(api.take()).toMatchObject({
      requests: 3,
      byRoute: { 'POST /remotes': 1, 'GET /remotes/{name}': 2 },
      mostAtOnce: 1,
      stateWrites: 0,
    });
    expect(api.take()).toEqual({ requests: 0, byRoute: {}, connections: 0, mostAtOnce: 0, stateWrites: 0 });
  });

  it('counts how many requests wait for their answers at the same time, each on a connection of its own', async () => {
    api.latency = 100;
    await Promise.all([1, 2, 3].map(() => call('GET', '/api/v2/remotes')));
    api.latency = 0;
    expect(api.take()).toMatchObject({ requests: 3, mostAtOnce: 3, connections: 3 });
  });

  it('keeps the state of Terraform and counts only its writes', async () => {
    expect((await call('GET', '/state/x')).status).toBe(404);
    await call('POST', '/state/x', { serial: 1 });
    expect(await call('GET', '/state/x')).toEqual({ status: 200, text: '{"serial":1}' });
    await call('DELETE', '/state/x');
    expect((await call('GET', '/state/x')).status).toBe(404);
    expect(api.take()).toMatchObject({ requests: 0, stateWrites: 1 });
  });
});
