import { createHash } from 'node:crypto';
import { addRemote, addVirtual, call, cleanUp, registry, upstream } from '../helpers';
import { chart, form, indexOf, provenance, push } from './helm-charts';

afterEach(cleanUp);

const APP = chart('app', '1.0.0');
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

async function local() {
  const { url } = await registry();
  await addRemote(url, { name: 'l', package_type: 'helm', repo_type: 'local' });
  const files = async () =>
    ((await call('GET', `${url}/api/v2/locals/l/objects`)).json as { items: { path: string }[] | null }).items?.map(({ path }) => path) ??
    [];
  return { url, at: `${url}/api/v1/local/l/`, oci: `${url}/v2/l/`, files };
}

interface Manifest {
  readonly config: { digest: string; size: number; mediaType: string };
  readonly layers: readonly { digest: string; size: number; mediaType: string }[];
}

/** The parts of a chart, as a client pulls them: each must be what its digest says. */
async function pull(oci: string, name: string, reference: string) {
  const manifest = await call('GET', `${oci}${name}/manifests/${reference}`, { headers: { accept: MANIFEST } });
  expect([manifest.status, manifest.header('content-type')]).toEqual([200, MANIFEST]);
  const digest = `sha256:${createHash('sha256').update(manifest.text).digest('hex')}`;
  expect(manifest.header('docker-content-digest')).toBe(digest);
  const { config, layers } = manifest.json as Manifest;
  const parts: Record<string, Buffer> = {};
  for (const part of [config, ...layers]) {
    const body = Buffer.from(await (await fetch(`${oci}${name}/blobs/${part.digest}`)).arrayBuffer());
    expect([`sha256:${createHash('sha256').update(body).digest('hex')}`, body.length]).toEqual([part.digest, part.size]);
    parts[part.mediaType.replace(/^application\/vnd\.cncf\.helm\.|\.v1.*$/g, '')] = body;
  }
  return { digest, ...parts } as { digest: string; config: Buffer; 'chart.content': Buffer; 'chart.provenance'?: Buffer };
}

test('a chart that is pushed is in the index with its archive and its provenance file, and keeps its digest', async () => {
  const { at, oci, files } = await local();
  const vouched = provenance('app', '1.0.0', APP);
  const answer = await push(oci, ['app', '1.0.0'], { chart: APP, provenance: vouched });
  expect(answer.status).toBe(201);
  expect(await indexOf(at)).toEqual({ app: [['1.0.0', 'app-1.0.0.tgz']] });
  expect(Buffer.from(await (await fetch(`${at}app-1.0.0.tgz`)).arrayBuffer())).toEqual(APP);
  expect((await call('GET', `${at}app-1.0.0.tgz.prov`)).text).toBe(vouched);
  const pulled = await pull(oci, 'app', '1.0.0');
  expect(pulled).toMatchObject({
    digest: answer.header('docker-content-digest'),
    'chart.content': APP,
    'chart.provenance': Buffer.from(vouched),
  });
  expect((await pull(oci, 'app', pulled.digest)).digest).toBe(pulled.digest);
  // The content is there once.
  expect(await files()).toEqual(['.oci/app/1.0.0/config.json', '.oci/app/1.0.0/manifest.json', 'app-1.0.0.tgz', 'app-1.0.0.tgz.prov']);
});

test('a chart that was published in another way is pulled as an artifact, with what has become of it', async () => {
  const { at, oci } = await local();
  const archive = chart('app', '1.0.0+b.1', 'deprecated: true');
  expect((await call('POST', `${at}api/charts`, { body: archive })).status).toBe(201);
  expect((await call('GET', `${oci}app/tags/list`)).json).toEqual({ name: 'l/app', tags: ['1.0.0_b.1'] });
  const plain = await pull(oci, 'app', '1.0.0_b.1');
  expect(plain['chart.content']).toEqual(archive);
  expect(JSON.parse(plain.config.toString())).toEqual({ apiVersion: 'v2', name: 'app', version: '1.0.0+b.1', deprecated: true });
  expect((await pull(oci, 'app', plain.digest)).digest).toBe(plain.digest);
  const { body, headers } = await form({ prov: provenance('app', '1.0.0+b.1', archive) });
  expect((await call('POST', `${at}api/prov`, { body, headers })).status).toBe(201);
  expect((await pull(oci, 'app', '1.0.0_b.1'))['chart.provenance']).toBeDefined();
});

test('what is removed or replaced in one way is in the other', async () => {
  const { at, oci, files } = await local();
  await push(oci, ['app', '1.0.0'], { chart: APP });
  const other = chart('app', '1.0.0', 'description: other');
  expect((await call('POST', `${at}api/charts?force`, { body: other })).status).toBe(201);
  expect((await pull(oci, 'app', '1.0.0'))['chart.content']).toEqual(other);
  await push(oci, ['app', '2.0.0'], { chart: chart('app', '2.0.0') });
  expect((await call('DELETE', `${at}api/charts/app/2.0.0`)).status).toBe(200);
  expect((await call('GET', `${oci}app/manifests/2.0.0`)).status).toBe(404);
  expect((await call('DELETE', `${oci}app/manifests/${(await pull(oci, 'app', '1.0.0')).digest}`)).status).toBe(202);
  expect([await indexOf(at), await files()]).toEqual([{}, []]);
});

test('a push is repeated without harm, and does not replace another chart', async () => {
  const { url, at, oci, files } = await local();
  for (const status of [201, 201]) expect((await push(oci, ['app', '1.0.0'], { chart: APP })).status).toBe(status);
  const other = await push(oci, ['app', '1.0.0'], { chart: chart('app', '1.0.0', 'description: other') });
  expect([other.status, other.json]).toMatchObject([
    409,
    { errors: [{ code: 'DENIED', message: expect.stringMatching(/^chart already exists: app-1/) as unknown }] },
  ]);
  expect(Buffer.from(await (await fetch(`${at}app-1.0.0.tgz`)).arrayBuffer())).toEqual(APP);
  const refused = async (named: [string, string], archive: Uint8Array, place = oci) => {
    const { status, reason } = await push(place, named, { chart: archive });
    return [status, reason];
  };
  expect(await refused(['app', '2.0.0'], APP)).toEqual([
    400,
    'invalid manifest: it brings version 1.0.0 of the chart app; push that as app:1.0.0',
  ]);
  expect(await refused(['app', '2.0.0'], Buffer.from('none'))).toEqual([400, 'invalid manifest: not a helm chart: incorrect header check']);
  expect(await refused(['team/app', '1.0.0'], APP)).toEqual([400, 'charts are pushed to oci://HOST/REPOSITORY itself; leave out "/team"']);
  await addRemote(url, { name: 'r', package_type: 'helm', base_url: 'http://charts.example.com' });
  await addVirtual(url, { name: 'v', package_type: 'helm', members: ['l', 'r'] });
  expect(await refused(['app', '3.0.0'], APP, `${url}/v2/v/`)).toEqual([405, expect.stringContaining('publish into its local members: l')]);
  expect(await refused(['app', '3.0.0'], APP, `${url}/v2/none/`)).toEqual([404, 'repository "none" not found']);
  expect((await files()).filter((path) => path.endsWith('.tgz'))).toEqual(['app-1.0.0.tgz']);
});

test('what goes with a chart, such as a signature, is kept and found as an artifact', async () => {
  const { at, oci } = await local();
  await push(oci, ['app', '1.0.0'], { chart: APP });
  const { digest } = await pull(oci, 'app', '1.0.0');
  const empty = `sha256:${createHash('sha256').update('{}').digest('hex')}`;
  expect((await call('POST', `${oci}app/blobs/uploads/?digest=${empty}`, { body: '{}' })).status).toBe(201);
  const config = { mediaType: 'application/vnd.oci.empty.v1+json', digest: empty, size: 2 };
  const subject = { mediaType: MANIFEST, digest, size: 1 };
  const signature = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    artifactType: 'application/example.signature',
    config,
    layers: [config],
    subject,
  };
  const put = await call('PUT', `${oci}app/manifests/signature`, { body: signature, headers: { 'content-type': MANIFEST } });
  expect(put.status).toBe(201);
  expect((await call('GET', `${oci}app/referrers/${digest}`)).json).toMatchObject({
    manifests: [{ artifactType: 'application/example.signature' }],
  });
  expect((await call('GET', `${oci}app/tags/list`)).json).toMatchObject({ tags: ['1.0.0', 'signature'] });
  expect(await indexOf(at)).toEqual({ app: [['1.0.0', 'app-1.0.0.tgz']] });
});

test('a remote caches the charts of an OCI registry, and none of them shadows an internal one', async () => {
  const { url: elsewhere } = await registry();
  await addRemote(elsewhere, { name: 'public', package_type: 'helm', repo_type: 'local' });
  for (const [name, version] of [
    ['app', '9.9.9'],
    ['pub', '1.0.0'],
  ] as const)
    expect((await push(`${elsewhere}/v2/public/`, [name, version], { chart: chart(name, version) })).status).toBe(201);
  const asked: string[] = [];
  const open = await upstream((request, response) => {
    asked.push(String(request.url));
    void fetch(elsewhere + String(request.url), { method: String(request.method) }).then(async (answer) => {
      response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()));
    });
  });
  const { url, at, oci } = await local();
  await addRemote(url, { name: 'r', package_type: 'helm', base_url: open.url });
  await addVirtual(url, { name: 'v', package_type: 'helm', members: ['r', 'l'] });
  const first = await pull(`${url}/v2/r/public/`, 'pub', '1.0.0');
  expect(first['chart.content']).toEqual(chart('pub', '1.0.0'));
  const before = asked.length;
  await pull(`${url}/v2/v/public/`, 'pub', first.digest);
  expect(asked.slice(before).filter((path) => path.includes('/blobs/'))).toEqual([]);
  await call('POST', `${at}api/charts`, { body: APP });
  const known = asked.length;
  expect((await pull(`${url}/v2/v/`, 'app', '1.0.0'))['chart.content']).toEqual(APP);
  expect((await call('GET', `${url}/v2/v/app/manifests/9.9.9`)).status).toBe(404);
  expect((await call('GET', `${url}/v2/v/app/tags/list`)).json).toMatchObject({ tags: ['1.0.0'] });
  expect(asked).toHaveLength(known);
  expect((await call('GET', `${oci}app/manifests/none`)).json).toMatchObject({ errors: [{ code: 'MANIFEST_UNKNOWN' }] });
});
