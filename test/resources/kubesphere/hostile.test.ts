import { kubesphere } from '../../../src/resources/kubesphere';
import { forwardTo, startServer } from '../../../src/testing/http-server';
import { providerCore } from '../../../src/testing/target';
import { said, Stand, TYPE } from './stand';

/** Servers and gateways that answer what they should not, or not at all. */
let old: Stand;
let current: Stand;
beforeAll(async () => {
  old = await Stand.start({ version: '3.4' });
  current = await Stand.start({ version: '4.1' });
});
afterEach(() => [old, current].forEach(({ server }) => server.heal()));
afterAll(async () => void (await Promise.all([old, current].map((stand) => stand.stop()))));

const json = { 'content-type': 'application/json' };

describe.each([
  ['Traefik', { status: 404, text: '404 page not found\n' }],
  ['Kong', { status: 404, text: '{"message":"no Route matched with those values"}', headers: json }],
  [
    'Kubernetes',
    {
      status: 404,
      text: '{"kind":"Status","message":"the server could not find the requested resource","reason":"NotFound","code":404}',
      headers: json,
    },
  ],
  ['nginx', { status: 404, text: '<html><title>404 Not Found</title></html>', headers: { 'content-type': 'text/html' } }],
])('a "not found" of %s', (name, kind) => {
  it('removes nothing from the state', async () => {
    const made = await current.made({ name: `route-${name.toLowerCase()}` });
    current.server.fault({ kind, times: 1000, path: /^(?!\/oauth)/ });
    for (const api_version of ['v4', 'auto']) {
      const { instance, diagnostics } = await (await current.core({ api_version })).refresh(made);
      expect([instance?.state, diagnostics]).toEqual([made.state, [expect.objectContaining({ severity: 'error' })]]);
    }
  });
});

it('the version of a bare Kubernetes does not confirm that a repository is gone', async () => {
  const made = await current.made({ name: 'bare' });
  const server = await startServer(({ path }) =>
    path === '/version' ? { status: 200, body: { gitVersion: 'v1.33.4' } } : { status: 404, text: '404 page not found\n' },
  );
  const { core } = providerCore(kubesphere);
  await core.configure({ endpoint: server.endpoint, token: 'some-token', api_version: 'v4' });
  const { instance, diagnostics } = await core.refresh(made);
  expect([instance?.state, diagnostics]).toEqual([made.state, [expect.objectContaining({ severity: 'error' })]]);
  await server.stop();
});

describe('a login', () => {
  it.each(['', 'tok\nen', 'tök€n', 7, null])('that answers the token %j is an error at once', async (access_token) => {
    current.server.fault({ kind: { status: 200, text: JSON.stringify({ access_token }), headers: json }, path: /oauth/ });
    const { diagnostics } = await (await current.core()).import(TYPE, 'demo/none');
    expect(said(diagnostics)).toEqual([expect.stringMatching(/the login failed: the answer to POST \/oauth\/token has no access_token/)]);
    expect(JSON.stringify(diagnostics)).not.toMatch(/tok\\n|tök/);
  });

  it.each([0, -5, 1e13, 1e300])('that lasts %d seconds is used', async (expires_in) => {
    const { access_token } = (await current.ks.token({ username: 'demo-admin', password: 'Pa55-w0rd' })).json as { access_token: string };
    current.server.fault({ kind: { status: 200, text: JSON.stringify({ access_token, expires_in }), headers: json }, path: /oauth/ });
    const { diagnostics } = await (await current.core()).import(TYPE, 'demo/none');
    expect(diagnostics).toMatchObject([{ summary: 'Nothing to Import' }]);
  });
});

describe.each(['lost', 'truncated', 'reset'] as const)('an answer that is %s', (kind) => {
  it('of a create: the repository is found again, synced and waited for', async () => {
    for (const stand of [old, current]) {
      stand.server.fault({ kind, method: 'POST', path: /\/repos$/ });
      const { instance, diagnostics } = await stand.ensure({ name: `create-${kind}`, wait_for_sync: true });
      expect([instance?.state, diagnostics]).toMatchObject([{ status: 'successful' }, []]);
    }
  });

  it('of a change or of a request to sync: it is sent again', async () => {
    for (const stand of [old, current]) {
      const made = await stand.made({ name: `change-${kind}` });
      stand.server.fault({ kind, method: 'PATCH' });
      stand.server.fault({ kind, method: 'POST', path: /\/action$/ });
      const config = { name: `change-${kind}`, description: 'changed', sync_trigger: 'now', wait_for_sync: true };
      expect((await stand.made(config, made)).state).toMatchObject({ description: 'changed', status: 'successful' });
    }
  });
});

it('a repository of somebody else that is there after a lost create is not taken over', async () => {
  const body = {
    metadata: { name: 'theirs', labels: { 'kubesphere.io/workspace': 'demo' } },
    spec: { url: current.url('/good2'), syncPeriod: 0 },
  };
  const core = await current.core();
  const plan = await core.plan(TYPE, { name: 'theirs', workspace: 'demo', url: current.url() });
  const before = current.server.log.length;
  current.server.fault({ kind: 'reset', method: 'POST', path: /\/repos$/ });
  const applied = core.apply(plan);
  const isSent = (): boolean =>
    current.server.log.slice(before).some(({ method, path }) => method === 'POST' && path.endsWith('/demo/repos'));
  while (!isSent()) await new Promise(setImmediate);
  await current.ks.done('POST', '/kapis/application.kubesphere.io/v2/workspaces/demo/repos', { body });
  expect(await applied).toMatchObject({ instance: undefined, diagnostics: [{ summary: 'Already on the Server' }] });
});

it('a workspace is looked at once for all repositories in it', async () => {
  for (const stand of [old, current]) {
    const core = await stand.core();
    const calls = await stand.asked(async () => {
      const configs = ['a', 'b', 'c', 'd'].map((end) => ({ name: `many-${end}`, workspace: 'demo', url: stand.url() }));
      await Promise.all(configs.map((config) => core.ensure(TYPE, config)));
    });
    expect(calls.filter((call) => /workspaces?(templates)?\/demo$/.test(call))).toHaveLength(1);
  }
});

describe.each(['', '{}', '[]', 'null', '"ok"', '{"ok":"true"}', '{"ok":tr'])('the answer %j', (text) => {
  it('to a validation is none, and creates nothing', async () => {
    for (const stand of [old, current]) {
      stand.server.fault({ kind: { status: 200, text, headers: json }, path: /validate=true$/ });
      const { instance, diagnostics } = await stand.ensure({ name: 'unsure' });
      expect([instance, said(diagnostics)]).toEqual([
        undefined,
        [expect.stringMatching(/validate=true should be \{"ok": true\} but is not/)],
      ]);
    }
  });
});

it('a create that is answered with nothing at all is found again', async () => {
  let passed = false;
  const answer = forwardTo(old.ks.url);
  const server = await startServer(async (got) => {
    const reply = await answer(got);
    if (got.method !== 'POST' || !got.path.endsWith('/repos')) return reply;
    passed = true;
    return { status: 204 };
  });
  const core = await old.core({ endpoint: server.endpoint });
  const { instance, diagnostics } = await core.ensure(TYPE, { name: 'bodiless', workspace: 'demo', url: old.url(), wait_for_sync: true });
  expect([passed, instance?.state, diagnostics]).toMatchObject([true, { name: 'bodiless', status: 'successful' }, []]);
  await server.stop();
});

it('a stop ends a validation at once, and nothing is created', async () => {
  for (const stand of [old, current]) {
    stand.server.fault({ kind: 'hang', path: /validate=true$/ });
    const core = await stand.core();
    const plan = await core.plan(TYPE, { name: 'stopped', workspace: 'demo', url: stand.url() });
    stand.server.calls();
    const applied = core.apply(plan);
    const calls: string[] = [];
    while (!calls.some((call) => call.endsWith('validate=true'))) {
      await new Promise(setImmediate);
      calls.push(...stand.server.calls());
    }
    await core.client.call('StopProvider', {});
    expect(await applied).toMatchObject({ instance: undefined, diagnostics: [{ summary: 'Cancelled' }] });
    expect(stand.server.calls()).toEqual([]);
  }
});

it.each([
  ['a validation', { method: 'POST', path: /validate=true$/ }, /no answer within 1 s.*raise validation_timeout/],
  [
    'a create',
    { method: 'POST', path: /\/repos$/ },
    /no answer within 1 s; it may still read the index, and create the repository afterwards.*raise validation_timeout/,
  ],
  ['a change', { method: 'PATCH' }, /no answer within 1 s.*raise validation_timeout/],
])('%s that takes longer than validation_timeout is not begun again', async (what, fault, text) => {
  for (const stand of [old, current]) {
    const name = `long-${what.slice(2)}`;
    const made = what === 'a change' ? await stand.made({ name }) : undefined;
    stand.server.calls();
    stand.server.fault({ kind: 'hang', times: 9, ...fault });
    const core = await stand.core({ validation_timeout: 1 });
    const { diagnostics } = await core.ensure(TYPE, { name, workspace: 'demo', url: stand.url(), description: 'x' }, made);
    expect(said(diagnostics)).toEqual([expect.stringMatching(text)]);
    const { method, path = /\/repos\/[^/]+$/ } = fault as { method: string; path?: RegExp };
    const asked = stand.server.calls().filter((call) => call.startsWith(`${method} `) && path.test(call));
    expect(asked).toHaveLength(1);
    stand.server.heal();
  }
});

it('a delete in the way of the controller is sent again', async () => {
  const made = await current.made({ name: 'busy' });
  const text =
    'Operation cannot be fulfilled on repos.application.kubesphere.io "busy": the object has been modified; please apply your changes\n';
  current.server.fault({ kind: { status: 500, text }, method: 'DELETE', times: 2 });
  const core = await current.core();
  expect(await core.apply(await core.plan(TYPE, null, made))).toEqual({ instance: undefined, diagnostics: [] });
});

it.each(['tok\nen', 'token\n', 'tök€n', ''])('the given token %j is refused, and not shown', async (token) => {
  const { core } = providerCore(kubesphere);
  const told = await core.configure({ endpoint: current.server.endpoint, token });
  expect(told).toMatchObject([{ severity: 'error', path: 'token' }]);
  expect(JSON.stringify(told)).not.toMatch(/tok\\n|token\\n|tök/);
});

it('a timeout longer than timers can be is none', async () => {
  const core = await current.core({ validation_timeout: 3_000_000, request_timeout: 3_000_000 });
  const config = { name: 'patient', workspace: 'demo', url: current.url(), wait_for_sync: true };
  expect((await core.ensure(TYPE, config)).instance?.state).toMatchObject({ status: 'successful' });
});
