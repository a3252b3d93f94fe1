import type { ValueRecord } from '../../../src/common/value';
import { startServer } from '../../../src/testing/http-server';
import { readData } from '../../../src/testing/read-subject';
import { V4 } from '../../support/kubesphere';
import { said, Stand, TYPE } from './stand';

/** What messages say of failures that are not the server's: what is wrong, where it can be set, and what to do. */
let old: Stand;
let current: Stand;
beforeAll(async () => {
  old = await Stand.start({ version: '3.4' });
  current = await Stand.start({ version: '4.1' });
});
afterEach(() => [old, current].forEach(({ server }) => server.heal()));
afterAll(async () => void (await Promise.all([old, current].map((stand) => stand.stop()))));

it('a sync that takes too long names sync_timeout and what is special of the generation', async () => {
  for (const [stand, note] of [
    [old, 'KubeSphere 3 syncs at most once a minute'],
    [current, 'Why an index cannot be read, KubeSphere 4 writes only to the log'],
  ] as const) {
    stand.charts.slowness = 1500;
    const config = {
      name: 'waits',
      url: stand.url('/slow'),
      validate: false,
      sync_period: '1h',
      wait_for_sync: true,
      sync_timeout: '500ms',
    };
    const [text = '', ...more] = said((await stand.ensure(config)).diagnostics);
    stand.charts.slowness = 0;
    expect([text, more]).toEqual([
      expect.stringMatching(/waited .* s for the repository "waits" to be synced, but it did not happen\. /),
      [],
    ]);
    expect(text).toContain('Raise sync_timeout (500ms)');
    expect(text).toContain(note);
    expect(text).not.toContain('request_timeout');
  }
});

it('an index that the server could not read names the attributes to look at', async () => {
  for (const stand of [old, current]) {
    const [text] = said((await stand.ensure({ name: 'refused', url: stand.url('/auth') })).diagnostics);
    expect(text).toMatch(
      /user name or password is wrong or missing\)\. Check "url" and the credentials of the repository\. KubeSphere reads it from its own network/,
    );
    expect(text).not.toContain('rejected the values');
    const [unvalidated] = said((await stand.ensure({ name: 'refused', url: stand.url('/auth'), validate: false })).diagnostics);
    expect(unvalidated).toContain('on every create, even with validate = false.');
  }
});

it('a cache whose upstreams are dead leads to these', async () => {
  const cache = await startServer(() => ({ status: 502, text: 'bad gateway' }));
  try {
    for (const stand of [old, current]) {
      const [text] = said((await stand.ensure({ name: 'behind', url: cache.endpoint })).diagnostics);
      expect(text).toMatch(/502 Bad Gateway.*Check its upstreams: for a virtual, the URLs and credentials of its remotes\./);
      expect(text).not.toContain('Check "url"');
    }
  } finally {
    await cache.stop();
  }
});

it('a failed sync names them too', async () => {
  const items = [{ status: 'failed', result: 'failed to fetch it', create_time: '2026-01-01T00:00:00Z' }];
  const kind = { status: 200, text: JSON.stringify({ items }), headers: { 'content-type': 'application/json' } };
  old.server.fault({ kind, method: 'GET', path: /\/events/, times: 20 });
  const [text] = said((await old.ensure({ name: 'failed', wait_for_sync: true })).diagnostics);
  expect(text).toMatch(/could not sync the repository "failed": failed to fetch it\. Check "url"/);
});

it('a host without an OCI registry is a wrong URL, and no failure of KubeSphere', async () => {
  const host = await startServer(() => ({ status: 404, text: 'nothing here' }));
  const url = `oci://127.0.0.1:${host.port}/charts`;
  const [text] = said((await current.ensure({ name: 'oci', url })).diagnostics);
  expect(text).toMatch(/: not found \(there is no Helm repository at the URL: .* for oci, its host is not a registry\)\. Check "url"/);
  const read = await readData(await current.core(), 'kubesphere_app_repository_validation', { workspace: 'demo', url });
  expect(read.state).toMatchObject({ ok: false, code: 113, message: 'not found' });
  await host.stop();
});

it('an endpoint with the path of the API is suspected, and not the credentials', async () => {
  for (const stand of [old, current]) {
    const core = await stand.core({ endpoint: `${stand.server.endpoint}/kapis` });
    const { diagnostics } = await core.apply(await core.plan(TYPE, { name: 'lost', workspace: 'demo', url: stand.url() }));
    expect(diagnostics.map(({ summary }) => summary)).toEqual(['Unexpected Answer']);
    expect(said(diagnostics)).toEqual([expect.stringMatching(/without "\/kapis" or another path of the API/)]);
  }
});

it('a web server that is none of KubeSphere is not asked to recover', async () => {
  const page = { 'content-type': 'text/html' };
  const web = await startServer(({ method }) => ({
    status: method === 'GET' ? 404 : 501,
    text: '<html><title>Error</title>',
    headers: page,
  }));
  const core = await current.core({ endpoint: web.endpoint });
  const plan = await core.plan(TYPE, { name: 'lost', workspace: 'demo', url: current.url() });
  expect(said(plan.diagnostics).join()).toMatch(/a login page\? The plan continues/);
  const { diagnostics } = await core.apply(plan);
  expect(said(diagnostics).join()).toMatch(/answered 501 .*Check that the endpoint is the API itself/);
  await web.stop();
});

describe('a repository that something moved out of its workspace', () => {
  const moved = async (name: string, labels: ValueRecord): Promise<string[][]> => {
    const made = await current.made({ name });
    const path = `${V4}/workspaces/demo/repos/${name}`;
    const object = (await current.ks.done('GET', path)) as { metadata: object };
    const body = { ...object, metadata: { ...object.metadata, labels } };
    // The server's controller may write at the same time.
    for (let tries = 1; (await current.ks.call('PATCH', path, { body })).status !== 200 && tries < 20; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const core = await current.core();
    const { instance, diagnostics } = await core.refresh(made);
    expect(instance).toBeUndefined();
    return [said(diagnostics), said((await current.ensure({ name })).diagnostics)];
  };

  it('is told where it is, and how to get it back', async () => {
    const [gone, refused] = await moved('moved', { 'kubesphere.io/workspace': 'other' });
    const where =
      /in the workspace "other".* import it as 'other\/moved'.*"kubectl label repos\S* moved kubesphere\.io\/workspace=demo --overwrite"/;
    expect([gone, refused]).toEqual([[expect.stringMatching(where)], [expect.stringMatching(where)]]);
    expect(gone?.join()).not.toContain('deleted');
  });

  it('is told that it is in none', async () => {
    const [gone, refused] = await moved('unlabelled', {});
    const where = /in no workspace.*kubesphere\.io\/workspace=demo.* import it as 'demo\/unlabelled'/;
    expect([gone, refused]).toEqual([[expect.stringMatching(where)], [expect.stringMatching(where)]]);
  });
});
