import { createHash } from 'node:crypto';
import { digestListed, digestOf, listedDigests } from '../../../src/registry/formats/digests';
import { addRepository, bkRepo, type Client } from '../bkrepo/artifacts/support';
import { addRemote, call, cleanUp, registry, upstream } from '../helpers';

let root = '';
let admin: Client;
beforeAll(async () => {
  root = (await registry()).url;
  admin = await bkRepo();
});
afterAll(cleanUp);
let count = 0;

const hex = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');
const base64 = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('base64');

interface Kind {
  readonly packageType: string;
  /** Which algorithm the index gives the digest by. */
  readonly algorithm: string;
  readonly index: string;
  /** Another file, which the index does not list. */
  readonly unlisted: string;
  readonly file: string;
  /** An index that lists the file with the digest of a content. */
  list(content: string, host: string): string;
  /** The same with a digest that is none. */
  readonly malformed: (host: string) => string;
  readonly type?: string;
}

const npm = (dist: object) => (host: string) =>
  JSON.stringify({
    name: 'pk',
    versions: { '1.0.0': { name: 'pk', version: '1.0.0', dist: { tarball: `${host}/pk/-/pk-1.0.0.tgz`, ...dist } } },
  });
const npmKind = { packageType: 'npm', index: 'pk', file: 'pk/-/pk-1.0.0.tgz', unlisted: 'pk/-/pk-2.0.0.tgz' };

const scoped = (dist: object) => (host: string) =>
  JSON.stringify({
    name: '@s/pk',
    versions: { '1.0.0': { version: '1.0.0', dist: { tarball: `${host}/@s/pk/-/pk-1.0.0.tgz`, ...dist } } },
  });

const WHEEL = 'pk-1.0-py3-none-any.whl';
const page = (fragment: string) => `<a href="../../files/ab/${WHEEL}${fragment}">${WHEEL}</a>`;
const json = (fields: object) => JSON.stringify({ name: 'pk', files: [{ filename: WHEEL, url: `../../files/ab/${WHEEL}`, ...fields }] });
const pypiKind = { packageType: 'pypi', index: 'simple/pk/', file: `files/ab/${WHEEL}`, unlisted: 'files/ab/pk-2.0-py3-none-any.whl' };
const JSON_PAGE = 'application/vnd.pypi.simple.v1+json';

const chart = (digest: string) =>
  `apiVersion: v1\nentries:\n  app:\n    - name: app\n      version: 1.0.0\n      digest: ${digest}\n      urls:\n        - charts/app-1.0.0.tgz\n`;
const helmKind = { packageType: 'helm', index: 'index.yaml', file: 'charts/app-1.0.0.tgz', unlisted: 'app-1.0.0.tgz' };

const ZIP = 'terraform-provider-net_1.0.0_linux_amd64.zip';
const beside = { packageType: 'terraform', file: `corp/net/${ZIP}`, unlisted: 'corp/net/terraform-provider-net_1.0.0_linux_arm64.zip' };
const provider = (shasum: string, host: string) => JSON.stringify({ download_url: `${host}/corp/net/${ZIP}`, shasum });
const mirror = (hashes: string[]) => JSON.stringify({ archives: { linux_amd64: { url: ZIP, hashes } } });

const kinds: Readonly<Record<string, Kind>> = {
  'npm by integrity': {
    ...npmKind,
    algorithm: 'sha512',
    list: (content, host) => npm({ integrity: `sha512-${base64('sha512', content)}` })(host),
    malformed: npm({ integrity: 'sha512-AAAA', shasum: 17 }),
  },
  'npm by shasum': {
    ...npmKind,
    algorithm: 'sha1',
    list: (content, host) => npm({ shasum: hex('sha1', content) })(host),
    malformed: npm({ shasum: 'abc' }),
  },
  'npm, scoped': {
    ...{ packageType: 'npm', index: '@s/pk', file: '@s/pk/-/pk-1.0.0.tgz', unlisted: '@s/pk/-/pk-2.0.0.tgz' },
    algorithm: 'sha1',
    list: (content, host) => scoped({ integrity: `sha1-${base64('sha1', content)}` })(host),
    malformed: scoped({ integrity: ['sha1'] }),
  },
  'PyPI by HTML': {
    ...pypiKind,
    algorithm: 'sha256',
    type: 'text/html',
    list: (content) => page(`#sha256=${hex('sha256', content)}`),
    malformed: () => page('#sha256=12'),
  },
  'PyPI by HTML with an old digest': {
    ...pypiKind,
    algorithm: 'md5',
    type: 'text/html',
    list: (content) => page(`#md5=${hex('md5', content)}`),
    malformed: () => page('#md5=12'),
  },
  'PyPI by JSON': {
    ...pypiKind,
    algorithm: 'sha256',
    type: JSON_PAGE,
    list: (content) => json({ hashes: { sha256: hex('sha256', content).toUpperCase() } }),
    malformed: () => json({ hashes: { sha256: ['x'], sha512: 1 } }),
  },
  'metadata of a wheel': {
    ...pypiKind,
    file: `files/ab/${WHEEL}.metadata`,
    algorithm: 'sha256',
    type: JSON_PAGE,
    list: (content) => json({ hashes: {}, 'core-metadata': { sha256: hex('sha256', content) } }),
    malformed: () => json({ hashes: {}, 'core-metadata': true }),
  },
  Helm: { ...helmKind, algorithm: 'sha256', list: (content) => chart(hex('sha256', content)), malformed: () => chart('[]') },
  'Helm with aliases': {
    ...helmKind,
    algorithm: 'sha256',
    list: (content) => chart(`&it sha256:${hex('sha256', content)}\n      copy: *it`),
    malformed: () => chart('&it none\n      copy: *it'),
  },
  'Terraform by the checksums beside it': {
    ...beside,
    algorithm: 'sha256',
    index: 'corp/net/terraform-provider-net_1.0.0_SHA256SUMS',
    list: (content) => `${hex('sha256', content)}  ${ZIP}\n`,
    malformed: () => `12  ${ZIP}\n`,
  },
  'Terraform by a registry': {
    ...beside,
    algorithm: 'sha256',
    index: 'v1/providers/corp/net/1.0.0/download/linux/amd64',
    list: (content, host) => provider(hex('sha256', content), host),
    malformed: (host) => provider('12', host),
  },
  'Terraform by a mirror': {
    ...beside,
    algorithm: 'sha256',
    index: 'corp/net/1.0.0.json',
    list: (content) => mirror(['h1:abc', `zh:${hex('sha256', content)}`]),
    malformed: () => mirror(['zh:1']),
  },
  Maven: {
    ...{ packageType: 'maven', index: 'org/a/1.0/a-1.0.jar.sha1', file: 'org/a/1.0/a-1.0.jar', unlisted: 'org/a/1.0/a-1.0-sources.jar' },
    algorithm: 'sha1',
    list: (content) => `${hex('sha1', content)}  a-1.0.jar\n`,
    malformed: () => 'none',
  },
};

/** An upstream with a file and an index that lists it, and the remote of it. */
async function repository({ packageType, index, file, unlisted, list, type }: Kind, fields: object = {}) {
  const state = { content: 'right', listed: (host: string) => list('right', host) };
  const server = await upstream((request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1);
    if (path === file || path === unlisted) return void response.end(state.content);
    if (path !== index) return void response.writeHead(404).end();
    if (type !== undefined) response.setHeader('content-type', type);
    response.end(state.listed(`http://${request.headers.host}`));
  });
  const name = `r${++count}`;
  const get =
    packageType === 'maven'
      ? await atBkRepo(name, server.url)
      : await atArtifactApi(name, { package_type: packageType, base_url: server.url, ...fields });
  const asked = () => server.requests.splice(0).map((request) => decodeURIComponent(request.url ?? '').slice(1));
  return { state, get, asked, name };
}

async function atArtifactApi(name: string, fields: object) {
  await addRemote(root, { name, mutable_ttl: 3600, ...fields });
  return (path: string) => call('GET', `${root}/api/v1/remote/${name}/${path}`);
}

async function atBkRepo(name: string, url: string) {
  await addRepository(admin, { name, type: 'MAVEN', category: 'REMOTE', configuration: { type: 'remote', url } });
  return (path: string) => admin.send('GET', `/maven/pp/${name}/${path}`);
}

describe.each(Object.entries(kinds))('%s', (_name, kind) => {
  const { packageType, index, file, unlisted, algorithm, list, malformed } = kind;

  test('wrong bytes are a 502 that says what differs, and nothing of them is kept', async () => {
    const { state, get, asked, name } = await repository(kind);
    expect((await get(index)).status).toBe(200);
    state.content = 'wrong';
    const refused = await get(file);
    // BK-Repo's repositories hold their remote under a name of their own; the option takes the repository.
    const [remote, unverified] = packageType === 'maven' ? [`pp/${name}/remote`, `pp/${name}`] : [name, name];
    expect([refused.status, refused.reason.trim()]).toEqual([
      502,
      `upstream of remote "${remote}" sent something other than ${JSON.stringify(file)}: its ${algorithm} is ${hex(algorithm, 'wrong')}, ` +
        `but ${hex(algorithm, 'right')} was announced; if the index is wrong and the file is not, start the registry with --unverified ${unverified}`,
    ]);
    state.content = 'right';
    expect([(await get(file)).text, (await get(file)).text]).toEqual(['right', 'right']);
    expect(asked()).toEqual([index, file, index, file]);
  });

  test('a file that was published anew comes after the index was asked for once more', async () => {
    const { state, get, asked } = await repository(kind);
    await get(index);
    Object.assign(state, { content: 'new', listed: (host: string) => list('new', host) });
    expect([(await get(file)).text, (await get(file)).text]).toEqual(['new', 'new']);
    expect(asked()).toEqual([index, file, index]);
  });

  test('without an index at hand, and where it does not list the file, the file comes as it is', async () => {
    const { state, get, asked } = await repository(kind);
    state.content = 'any';
    expect((await get(file)).text).toBe('any');
    expect(asked()).toEqual([file]);
    const other = await repository(kind);
    other.state.content = 'any';
    await other.get(index);
    expect((await other.get(unlisted)).text).toBe('any');
    expect(other.asked()).toEqual([index, unlisted]);
  });

  test('a digest that is none is not compared', async () => {
    const { state, get, asked } = await repository(kind);
    state.listed = malformed;
    await get(index);
    expect((await get(file)).text).toBe('right');
    expect(asked()).toEqual([index, file]);
  });
});

test('an index that the remote denies does not keep others from being looked at', async () => {
  const kind = kinds['Terraform by a registry'] as Kind;
  const { state, get } = await repository(kind, { patterns: ['^v1/', String.raw`\.zip$`] });
  expect([(await get(kind.index)).status, (await get('corp/net/terraform-provider-net_1.0.0_SHA256SUMS')).status]).toEqual([200, 403]);
  state.content = 'wrong';
  expect((await get(kind.file)).status).toBe(502);
});

test('several digests of a package at a Terraform mirror are not compared: clients take any of them', async () => {
  const kind = kinds['Terraform by a mirror'] as Kind;
  const list = (content: string) => mirror([`zh:${hex('sha256', 'of another platform')}`, `zh:${hex('sha256', content)}`]);
  const { get, asked } = await repository({ ...kind, list });
  await get(kind.index);
  expect((await get(kind.file)).text).toBe('right');
  expect(asked()).toEqual([kind.index, kind.file]);
});

test('what an index lists of a hundred thousand files comes as one text, which is copied between threads at once', () => {
  const paths = Array.from({ length: 100_000 }, (_, index) => `charts/äpp-${index}.tgz`);
  const digests = listedDigests(paths.map((path) => [path, digestOf('sha256', hex('sha256', path))]));
  const received = structuredClone(digests);
  expect(typeof received).toBe('string');
  for (const index of [0, 1, 50_000, 99_999]) {
    const path = paths[index] as string;
    expect(digestListed(received, path)).toEqual({ algorithm: 'sha256', hex: hex('sha256', path) });
  }
  for (const none of ['', 'charts', 'charts/äpp-100000.tgz', 'äpp-1.tgz', 'sha256:']) expect(digestListed(received, none)).toBeUndefined();
});

test('a path with two digests has none', () => {
  const [one, other] = ['1', '2'].map((text) => digestOf('sha1', hex('sha1', text)));
  const digests = listedDigests([
    ['a', one],
    ['b', one],
    ['b', other],
    ['c', undefined],
    [undefined, one],
    ['a', one],
  ]);
  expect(['a', 'b', 'c'].map((path) => digestListed(digests, path))).toEqual([one, undefined, undefined]);
});
