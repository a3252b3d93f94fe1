import { createHash } from 'node:crypto';
import { formatOf } from '../../../src/registry/formats';
import { addRemote, type Answer, call, cleanUp, registry, type TestUpstream, upstream, passTime } from '../helpers';

// What ArtifactAPI says of its package types, row by row.
const TABLE = `
| generic | nothing | everything |
| docker | tag manifests, \`/tags/list\` | blobs, digest manifests |
| helm | \`index.yaml\` | \`.tgz\` charts |
| pypi | \`simple/*\` index pages | \`.whl\`, \`.tar.gz\` |
| npm | package metadata | \`.tgz\` tarballs |
| rpm | \`repomd.xml\`, \`repodata/*\` | \`.rpm\` |
| alpine | \`APKINDEX.tar.gz\` | \`.apk\` |
| puppet | \`v3/modules/*\`, \`v3/releases*\` | \`.tar.gz\` |
| terraform | \`*/versions\` | \`*/download/*/*\` |
| goproxy | \`@v/list\`, \`@latest\` | \`.info\`, \`.mod\`, \`.zip\` |
`;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const MANIFEST = '{"schemaVersion":2}';
const MODULE = '{"results":[]}';
const GO_VERSION = '{"Version":"v1.0.0"}';
const ZIP = 'v1/providers/a/b/1.0.0/download/linux/amd64/terraform-provider-b_1.0.0_linux_amd64.zip';

/** A path of each kind that the table names, by package type and column, and what an upstream has there. */
const EXAMPLES: Readonly<Record<string, readonly [mutable: Record<string, string>, immutable: Record<string, string>]>> = {
  generic: [{}, { 'any/thing': 'file', 'index.html': '<html></html>', 'a/b-1.0.tar.gz': 'file' }],
  docker: [
    { 'v2/library/x/manifests/latest': MANIFEST, 'v2/library/x/tags/list': '{"name":"library/x","tags":[]}' },
    { [`v2/library/x/blobs/sha256:${sha256('layer')}`]: 'layer', [`v2/library/x/manifests/sha256:${sha256(MANIFEST)}`]: MANIFEST },
  ],
  helm: [{ 'index.yaml': 'entries: {}' }, { 'charts/app-1.0.0.tgz': 'chart' }],
  pypi: [
    { 'simple/pk/': '<a href="../../packages/pk-1.0.tar.gz">pk-1.0.tar.gz</a>' },
    { 'packages/pk-1.0-py3-none-any.whl': 'w', 'packages/pk-1.0.tar.gz': 's' },
  ],
  npm: [{ pk: '{"name":"pk","versions":{}}', '@s/pk': '{"name":"@s/pk","versions":{}}' }, { 'pk/-/pk-1.0.0.tgz': 'tarball' }],
  rpm: [
    {
      'repodata/repomd.xml': `<repomd><data type="primary"><checksum type="sha256">${sha256('p')}</checksum><location href="repodata/primary.xml.gz"/></data></repomd>`,
      'repodata/primary.xml.gz': 'p',
    },
    { 'Packages/bash-5.1.8-9.el9.x86_64.rpm': 'package' },
  ],
  alpine: [{ 'v3.20/main/x86_64/APKINDEX.tar.gz': 'index' }, { 'v3.20/main/x86_64/musl-1.2.5-r0.apk': 'package' }],
  puppet: [{ 'v3/modules/a-b': MODULE, 'v3/releases?module=a-b': MODULE }, { 'v3/files/a-b-1.0.0.tar.gz': 'module' }],
  terraform: [{ 'v1/providers/a/b/versions': '{"versions":[]}' }, { [ZIP]: 'provider' }],
  goproxy: [
    { 'x.org/m/@v/list': 'v1.0.0\n', 'x.org/m/@latest': GO_VERSION },
    { 'x.org/m/@v/v1.0.0.info': GO_VERSION, 'x.org/m/@v/v1.0.0.mod': 'module x.org/m\n', 'x.org/m/@v/v1.0.0.zip': 'zip' },
  ],
};
const DOWNLOAD = ZIP.slice(0, ZIP.lastIndexOf('/'));
/** Files that another document vouches for: that is asked again in their place. */
const VOUCHED: Readonly<Record<string, string>> = {
  'repodata/primary.xml.gz': 'repodata/repomd.xml',
  [ZIP]: DOWNLOAD,
  'v3/files/a-b-1.0.0.tar.gz': 'v3/releases/a-b-1.0.0',
};
/** What these documents say, where they are no examples themselves. */
const BESIDE: Readonly<Record<string, string>> = {
  [DOWNLOAD]: JSON.stringify({ download_url: `amd64/${ZIP.split('/').at(-1)}`, shasum: sha256('provider') }),
  'v3/releases/a-b-1.0.0': JSON.stringify({ slug: 'a-b-1.0.0', file_sha256: sha256('module') }),
};

const ROWS = TABLE.trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, type = '', ...columns]) => ({ type, columns: columns.slice(0, 2) }));
const CASES = ROWS.flatMap(({ type }) =>
  (['mutable', 'immutable'] as const).flatMap((column, index) =>
    Object.keys(EXAMPLES[type]?.[index] ?? {}).map((path) => [type, path, column] as const),
  ),
);

test('every pattern of the table has an example, and every example of a column with patterns has one', () => {
  const fits = (pattern: string, path: string) =>
    new RegExp(
      `(^|/)${pattern.startsWith('.') ? '.*' : ''}${pattern.replace(/^\//, '').replace(/[.?]/g, '\\$&').replaceAll('*', '.*')}$`,
    ).test(path);
  for (const { type, columns } of ROWS) {
    for (const [index, cell] of columns.entries()) {
      const patterns = [...cell.matchAll(/`([^`]+)`/g)].map(([, pattern = '']) => pattern);
      const paths = Object.keys(EXAMPLES[type]?.[index] ?? {});
      expect([type, cell, paths.length > 0]).toEqual([type, cell, cell !== 'nothing']);
      for (const pattern of patterns) expect([type, pattern, paths.some((path) => fits(pattern, path))]).toEqual([type, pattern, true]);
      if (cell.includes(',') || patterns.length !== 1) continue;
      for (const path of paths) expect([path, fits(patterns[0] ?? '', path)]).toEqual([path, true]);
    }
  }
});

describe('through a registry', () => {
  let files: TestUpstream;
  let url = '';
  /** What the upstream does instead of answering with what it has. */
  let failure = 0;
  let seconds = 0;
  let nth = 0;

  beforeAll(async () => {
    const contents = Object.assign({}, BESIDE, ...Object.values(EXAMPLES).flat()) as Record<string, string>;
    files = await upstream((request, response) => {
      const body =
        contents[decodeURIComponent(request.url ?? '').slice(1)] ?? contents[`v2/${decodeURIComponent(request.url ?? '').slice(1)}`];
      if (failure === 1) return void request.socket.destroy();
      if (failure > 0) return void response.writeHead(failure).end('no');
      response.writeHead(body === undefined ? 404 : 200).end(body);
    });
    ({ url } = await registry());
    passTime(() => seconds * 1000);
  });

  afterAll(async () => {
    jest.restoreAllMocks();
    await cleanUp();
  });

  beforeEach(() => {
    failure = 0;
    seconds = 0;
  });

  /** A new remote; the answer asks it for a path. */
  async function remote(type: string, path: string, fields: Record<string, unknown>) {
    const name = `r${nth++}`;
    await addRemote(url, { name, package_type: type, base_url: files.url, ...fields });
    return (): Promise<Answer> => call('GET', `${url}/api/v1/remote/${name}/${path}`);
  }

  /** How often the upstream was asked for a path, or for what vouches for it. */
  const asked = (path: string) =>
    files.requests.filter(({ url: at = '' }) => [path, VOUCHED[path]].some((each) => each?.endsWith(decodeURIComponent(at).slice(1))))
      .length;

  /** Whether an object is asked for again after a time. */
  async function isAskedAgain(get: () => Promise<Answer>, path: string, after: number): Promise<boolean> {
    seconds = after;
    const before = asked(path);
    expect((await get()).status).toBe(200);
    return asked(path) > before;
  }

  describe.each(CASES)('%s %s', (type, path, column) => {
    const other = column === 'mutable' ? 'immutable' : 'mutable';

    test('it has the TTL of its column, and 0 is for ever where nothing changes', async () => {
      const get = await remote(type, path, { mutable_ttl: 100, immutable_ttl: 0 });
      expect(await isAskedAgain(get, path, 0)).toBe(true);
      expect(await isAskedAgain(get, path, 90)).toBe(false);
      expect(await isAskedAgain(get, path, 110)).toBe(column === 'mutable');
      expect(await isAskedAgain(get, path, 100 * 365 * 86_400)).toBe(column === 'mutable');
    });

    test('a TTL of the other column does not concern it, one of its own does', async () => {
      const get = await remote(type, path, { [`${column}_ttl`]: 1000, [`${other}_ttl`]: 10 });
      await get();
      expect(await isAskedAgain(get, path, 900)).toBe(false);
      expect(await isAskedAgain(get, path, 1100)).toBe(true);
    });

    test('an override gives it the other TTL; where both fit, it is mutable', async () => {
      const ttls = { mutable_ttl: 100, immutable_ttl: 0 };
      const forced = await remote(type, path, { ...ttls, [`${other}_patterns`]: ['.'] });
      await forced();
      expect(await isAskedAgain(forced, path, 110)).toBe(other === 'mutable');
      seconds = 0;
      const both = await remote(type, path, { ...ttls, mutable_patterns: ['.'], immutable_patterns: ['.'] });
      await both();
      expect(await isAskedAgain(both, path, 110)).toBe(true);
    });

    test('the blocklist comes before the allowlist, and both before the upstream, with a reason', async () => {
      const [whole = ''] = path.split('?');
      // Lists name images; that requests for them begin with `v2/` says nothing of them.
      const pattern = formatOf(type).canonical?.(whole) ?? whole;
      const exact = `^${pattern.replace(/[^\w/]/g, '\\$&')}$`;
      const before = files.requests.length;
      const reasons = async (fields: Record<string, unknown>) => {
        const answer = await (await remote(type, path, fields))();
        return [answer.status, JSON.stringify(answer.text)];
      };
      const lists = { mutable_patterns: ['.'], immutable_patterns: ['.'] };
      expect(await reasons({ blocklist: [exact], patterns: [exact], ...lists })).toEqual([
        403,
        expect.stringContaining('is blocked on remote'),
      ]);
      expect(await reasons({ patterns: ['^something/else'], ...lists })).toEqual([
        403,
        expect.stringContaining('is not allowed on remote'),
      ]);
      expect(files.requests).toHaveLength(before);
      expect((await (await remote(type, path, { patterns: ['^something/else', exact, `^${VOUCHED[path] ?? 'none'}$`] }))()).status).toBe(
        200,
      );
    });

    test.each([500, 503, 429, 1])('while the upstream fails (%d), the copy is served and marked; nothing of that stays', async (status) => {
      const get = await remote(type, path, { mutable_ttl: 100, immutable_ttl: 100 });
      const good = await get();
      [failure, seconds] = [status, 110];
      const stale = await get();
      expect([stale.status, stale.text, stale.header('x-artifact-stale'), stale.header('warning')]).toEqual([
        ...[200, good.text, 'true'],
        '110 - "Response is Stale"',
      ]);
      const cold = await (await remote(type, path, {}))();
      expect(cold.status).toBe(status === 429 ? 429 : 502);
      failure = 0;
      const again = await get();
      expect([again.status, again.text, again.header('x-artifact-stale')]).toEqual([200, good.text, null]);
    });

    test.each([404, 410, 403])('a %d of the upstream is the answer for as long as it says so, with and without a copy', async (status) => {
      const get = await remote(type, path, { mutable_ttl: 100, immutable_ttl: 100 });
      failure = status;
      expect((await get()).status).toBe(status);
      failure = 0;
      expect((await get()).status).toBe(200);
      [failure, seconds] = [status, 110];
      expect((await get()).status).toBe(status);
      failure = 0;
      expect((await get()).status).toBe(200);
    });
  });
});
