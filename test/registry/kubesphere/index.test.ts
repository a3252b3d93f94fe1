import { ClientRequest, createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { queryObjects } from 'node:v8';
import { Fetcher } from '../../../src/registry/backends/kubesphere/index/fetch';
import { sign } from '../../../src/registry/backends/kubesphere/index/s3';
import { Reach } from '../../../src/registry/proxy/reach';
import { createCertificate } from '../../../src/protocol/certificate';
import { ChartServer, CHART_USER, GOOD_INDEX } from '../../support/chart-server';
import { TestKubeSphere, V3, V4 } from '../../support/kubesphere';
import { chart } from '../formats/helm-charts';
import { addRemote, addVirtual, afterwards, call, cleanUp, registry } from '../helpers';

afterEach(cleanUp);

async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  afterwards(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function start(options: Parameters<typeof TestKubeSphere.start>[0]): Promise<TestKubeSphere> {
  const ks = await TestKubeSphere.start({ reactionMs: 5, ...options });
  afterwards(() => ks.stop());
  return ks;
}

const validate4 = async (ks: TestKubeSphere, spec: object): Promise<readonly [number, string]> => {
  const { status, text } = await ks.call('POST', `${V4}/repos?validate=true`, { body: { metadata: { name: 'x' }, spec } });
  return [status, text.trim()];
};
const validate3 = async (ks: TestKubeSphere, fields: object): Promise<readonly [number, string]> => {
  const { status, text } = await ks.call('POST', `${V3}/repos?validate=true`, { body: { name: 'x', ...fields } });
  return [status, text.trim()];
};
const good = [200, '{\n "ok": true\n}'];

describe('https', () => {
  test('a certificate is not checked unless somebody insists, and then by the file that is named', async () => {
    const { key, pem } = createCertificate();
    const charts = await ChartServer.start({}, { key, cert: pem });
    afterwards(() => charts.stop());
    const url = `https://${charts.host.replace('127.0.0.1', 'localhost')}/good`;
    const ks = await start({ files: { '/etc/ca.pem': pem, '/etc/other.pem': createCertificate().pem } });
    const insisting = (more: object = {}) => validate4(ks, { url, credential: { insecureSkipTLSVerify: false, ...more } });
    const unknown = `Get "${url}/index.yaml": tls: failed to verify certificate: x509: certificate signed by unknown authority`;
    expect(await validate4(ks, { url })).toEqual(good);
    expect(await insisting()).toEqual([500, unknown]);
    expect(await insisting({ caFile: '/etc/ca.pem' })).toEqual(good);
    expect(await insisting({ caFile: '/etc/other.pem' })).toEqual([500, unknown]);
    // What lies on this machine is not the server's.
    expect(await insisting({ caFile: '/etc/passwd' })).toEqual([
      500,
      "can't create TLS config for client: can't read CA file: /etc/passwd",
    ]);
    expect(await validate3(await start({ version: '3.4' }), { url })).toEqual(good);
  });
});

test('nothing of an index that was fetched stays in memory', async () => {
  const host = await serve((request, response) =>
    request.url === '/from' ? void response.writeHead(302, { location: '/to' }).end() : void response.end('an index'),
  );
  const fetcher = new Fetcher(60_000, new Reach());
  // The prototype itself counts as well.
  const requests = async (): Promise<number> => {
    await sleep(50);
    return Number(queryObjects(ClientRequest, { format: 'count' }));
  };
  const before = await requests();
  for (let round = 0; round < 20; round++) expect((await fetcher.get(`http://${host}/from`)).body.toString()).toBe('an index');
  expect((await requests()) - before).toBeLessThan(10);
  fetcher.close();
  await expect(fetcher.get(`http://${host}/to`)).rejects.toThrow('context deadline exceeded');
});

describe('limits', () => {
  test('an index that never ends is cut off by size, one that never comes by time', async () => {
    const filler = Buffer.alloc(1 << 20, '#');
    const charts = await ChartServer.start({
      '/endless': (_request, response) => {
        const push = (): void => void (response.destroyed || response.write(filler, push));
        push();
      },
      '/silent': () => undefined,
    });
    afterwards(() => charts.stop());
    const patient = await start({ fetchTimeoutMs: 60_000 });
    expect(await validate4(patient, { url: `http://${charts.host}/endless` })).toEqual([500, 'the answer is longer than 67108864 bytes']);
    const hasty = await start({ fetchTimeoutMs: 1000 });
    expect(await validate4(hasty, { url: `http://${charts.host}/silent` })).toEqual([
      500,
      `Get "http://${charts.host}/silent/index.yaml": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
    ]);
  });

  test('stopping does not wait for an index that never comes', async () => {
    let asked: (() => void) | undefined;
    const arrived = new Promise<void>((resolve) => (asked = resolve));
    const charts = await ChartServer.start({ '/silent': () => asked?.() });
    afterwards(() => charts.stop());
    const ks = await TestKubeSphere.start();
    const answer = validate4(ks, { url: `http://${charts.host}/silent` }).catch(() => undefined);
    await arrived;
    const before = Date.now();
    await ks.stop();
    await answer;
    expect(Date.now() - before).toBeLessThan(30_000);
  });
});

describe('S3', () => {
  test('requests are signed as the published example is', () => {
    const keys = { accessKeyID: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
    const at = new Date('2013-05-24T00:00:00Z');
    const request = { host: 'examplebucket.s3.amazonaws.com', path: '/test.txt', range: 'bytes=0-9', region: 'us-east-1', at };
    expect(sign({ ...request, ...keys })['authorization']).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, ' +
        'SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, ' +
        'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    );
  });

  test('version 3 reads an index from a bucket with the right keys only; version 4 knows no S3', async () => {
    const keys = { accessKeyID: 'AK', secretAccessKey: 'SK' };
    const host = await serve((request, response) => {
      const path = request.url ?? '';
      const time = String(request.headers['x-amz-date']);
      const at = new Date(time.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
      const range = String(request.headers.range);
      const expected = sign({ host: request.headers.host ?? '', path, range, region: 'us-east-1', at, ...keys })['authorization'];
      const isKnown = request.headers.authorization === expected;
      if (!isKnown) return void response.writeHead(403).end('<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>');
      const found = path === '/bucket/some%20charts/index.yaml';
      const missing = '<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>';
      response.writeHead(found ? 206 : 404).end(found ? GOOD_INDEX : missing);
    });
    const ks = await start({ version: '3.4', secondMs: 10 });
    const s3 = (path: string, credential: object) => ({ url: `s3://${host}${path}`, credential: JSON.stringify(credential) });
    expect(await validate3(ks, s3('/bucket/some%20charts/', keys))).toEqual(good);
    expect(await validate3(ks, s3('/bucket/none', keys))).toEqual([
      400,
      'NoSuchKey: The specified key does not exist.\n\tstatus code: 404, request id: , host id:',
    ]);
    expect((await validate3(ks, s3('/bucket/some%20charts', { ...keys, secretAccessKey: 'other' })))[1]).toMatch(/^AccessDenied: /);
    const { repo_id: id } = (await ks.done('POST', `${V3}/repos`, { body: { name: 's3', ...s3('/bucket/some%20charts', keys) } })) as {
      repo_id: string;
    };
    for (let n = 0; n < 100; n++) {
      const { status } = (await ks.done('GET', `${V3}/repos/${id}`)) as { status: string };
      if (status === 'successful') break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(await ks.done('GET', `${V3}/repos/${id}`)).toMatchObject({
      status: 'successful',
      url: `s3://${host}/bucket/some%20charts`,
      credential: JSON.stringify(keys),
    });
    expect(await validate4(await start({}), { url: `s3://${host}/bucket` })).toEqual([
      500,
      `Get "s3://${host}/bucket/index.yaml": unsupported protocol scheme "s3"`,
    ]);
  });
});

describe('OCI', () => {
  const chart = { name: 'hello', version: '1.0.0', description: 'from OCI' };
  const answers: Readonly<Record<string, unknown>> = {
    '/v2/': {},
    '/v2/_catalog?last=a': { repositories: ['charts/hello', 'charts/deep/er', 'other/hello'] },
    '/v2/charts/hello/tags/list': { name: 'charts/hello', tags: ['1.0.0', 'broken'] },
    '/v2/charts/plain/tags/list': { name: 'charts/plain', tags: null },
    '/v2/charts/hello/manifests/1.0.0': {
      config: { digest: 'sha256:c' },
      layers: [{ mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', digest: 'sha256:abc' }],
    },
    '/v2/charts/hello/blobs/sha256:c': chart,
  };

  function registry(needsLogin: boolean): RequestListener {
    return (request: IncomingMessage, response) => {
      const { username, password } = CHART_USER;
      const login = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
      if (needsLogin && request.headers.authorization !== login) {
        return void response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      }
      if (request.url === '/v2/_catalog') {
        response.setHeader('link', '</v2/_catalog?last=a>; rel="next"');
        return void response.end(JSON.stringify({ repositories: ['charts/plain'] }));
      }
      const found = answers[request.url ?? ''];
      response.writeHead(found === undefined ? 404 : 200).end(JSON.stringify(found ?? {}));
    };
  }

  test('what is right below the path becomes applications, with a login if need be', async () => {
    const [open, closed] = [await serve(registry(false)), await serve(registry(true))];
    const ks = await start({ secondMs: 10 });
    expect(await validate4(ks, { url: `oci://${closed}/charts` })).toEqual([
      500,
      `GET "http://${closed}/v2/": unexpected status code 401: Unauthorized`,
    ]);
    expect(await validate4(ks, { url: `oci://ci:p%40ss%2Fw@${closed}/charts` })).toEqual(good);
    expect(await validate4(ks, { url: `oci://${open}/nothing` })).toEqual(good);
    const body = {
      metadata: { name: 'oci', labels: { 'kubesphere.io/workspace': 'demo' } },
      spec: { url: `oci://${open}/charts`, syncPeriod: 500 },
    };
    await ks.done('POST', `${V4}/repos`, { body });
    const list = async () => (await ks.done('GET', `${V4}/workspaces/demo/apps/oci-hello/versions`)) as { items: unknown[] | null };
    for (let n = 0; n < 100 && (await list()).items === null; n++) await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await list()).items).toMatchObject([
      { spec: { versionName: '1.0.0', digest: 'abc', pullUrl: `oci://${open}/charts/hello:1.0.0` } },
    ]);
  });

  test('version 3 knows no OCI', async () => {
    const ks = await start({ version: '3.4' });
    expect(await validate3(ks, { url: 'oci://127.0.0.1:9/x' })).toEqual([
      400,
      'Get "oci://127.0.0.1:9/x/index.yaml": unsupported protocol scheme "oci"',
    ]);
  });
});

test('a repository of charts of this registry is read in each version, local or virtual', async () => {
  const { url } = await registry();
  await addRemote(url, { name: 'l', package_type: 'helm', repo_type: 'local' });
  await addVirtual(url, { name: 'v', package_type: 'helm', members: ['l'] });
  await call('POST', `${url}/api/v1/local/l/api/charts`, {
    body: chart('hello', '1.0.0', 'appVersion: "1.10"', 'description: of the team'),
  });
  const ks = await start({});
  for (const [name, place] of [
    ['own', 'local/l'],
    ['all', 'virtual/v'],
  ] as const) {
    const at = `${url}/api/v1/${place}`;
    expect(await validate4(ks, { url: at })).toEqual(good);
    expect(await validate3(await start({ version: '3.4' }), { url: at })).toEqual(good);
    const metadata = { name, labels: { 'kubesphere.io/workspace': 'demo' } };
    await ks.done('POST', `${V4}/workspaces/demo/repos`, { body: { metadata, spec: { url: at, syncPeriod: 500 } } });
    const list = async () => (await ks.done('GET', `${V4}/workspaces/demo/apps/${name}-hello/versions`)) as { items: unknown[] | null };
    for (let n = 0; n < 100 && !(await list()).items?.length; n++) await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await list()).items).toMatchObject([{ spec: { versionName: '1.0.0', pullUrl: `${url}/api/v1/local/l/hello-1.0.0.tgz` } }]);
  }
});
