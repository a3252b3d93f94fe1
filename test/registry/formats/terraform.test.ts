import { answerOf, checked, rewritten, ROOT, told, UPSTREAM } from './documents';

const MODULE = 'v1/modules/corp/net/aws/1.0.0/download';
const get = (address: string) => answerOf(MODULE, '', { status: 204, headers: { 'x-terraform-get': address } });

test.each([
  ['/base/files/mod.tgz?archive=tar.gz', `${ROOT}files/mod.tgz?archive=tar.gz`],
  ['./mod.zip', `${ROOT}v1/modules/corp/net/aws/1.0.0/mod.zip`],
  ['../mod.zip//sub/folder?archive=zip', `${ROOT}v1/modules/corp/net/aws/mod.zip//sub/folder?archive=zip`],
  ['https://cdn.example.com/x/mod.tgz?sig=a%20b&archive=tgz', `${ROOT}${MODULE}/mod.tgz?archive=tgz`],
  ['https://cdn.example.com/x/mod.tgz//sub', `${ROOT}${MODULE}/mod.tgz//sub`],
  ['git::https://example.com/x.git?ref=v1', 'git::https://example.com/x.git?ref=v1'],
  ['github.com/a/b//c?ref=v1', 'github.com/a/b//c?ref=v1'],
  ['s3::https://s3.example.com/b/k.zip', 's3::https://s3.example.com/b/k.zip'],
])('a module at %s is fetched from %s', async (address, expected) => {
  const { status, headers } = await rewritten('terraform', get(address));
  expect([status, headers]).toEqual([204, { 'x-terraform-get': expected }]);
  const body = await rewritten('terraform', answerOf(MODULE, JSON.stringify({ location: address })));
  expect(JSON.parse(String(body.body))).toEqual({ location: expected });
});

test('the address of a module tells where its archive is', async () => {
  const document = get('https://cdn.example.com/x/mod.tgz//sub?sig=a%20b&archive=tgz');
  const url = 'https://cdn.example.com/x/mod.tgz?sig=a+b';
  expect(await told('terraform', `${MODULE}/mod.tgz`, document)).toEqual({ by: MODULE, url });
  const signed = get('https://cdn.example.com/x/mod.tgz?sig=a%20b');
  expect(await told('terraform', `${MODULE}/mod.tgz`, signed)).toEqual({ by: MODULE, url: 'https://cdn.example.com/x/mod.tgz?sig=a%20b' });
  expect(await told('terraform', `${MODULE}/other.tgz`, document)).toEqual({ by: MODULE });
});

const PROVIDER = 'v1/providers/corp/net/1.0.0/download/linux/amd64';
const file = 'terraform-provider-net_1.0.0_linux_amd64.zip';
const provider = answerOf(
  PROVIDER,
  JSON.stringify({
    filename: file,
    download_url: `https://cdn.example.com/${file}?sig=1`,
    shasum: 'ab'.repeat(32),
    shasums_url: '/base/sums/x_SHA256SUMS',
    shasums_signature_url: `${UPSTREAM}x_SHA256SUMS.sig?sig=2`,
    signing_keys: { gpg_public_keys: [] },
  }),
);

test('the files of a provider lead through the registry, wherever they are', async () => {
  expect(JSON.parse(String((await rewritten('terraform', provider)).body))).toEqual({
    filename: file,
    download_url: `${ROOT}${PROVIDER}/${file}`,
    shasum: 'ab'.repeat(32),
    shasums_url: `${ROOT}sums/x_SHA256SUMS`,
    shasums_signature_url: `${ROOT}${PROVIDER}/x_SHA256SUMS.sig`,
    signing_keys: { gpg_public_keys: [] },
  });
  const digest = { algorithm: 'sha256', hex: 'ab'.repeat(32) };
  expect(await told('terraform', `${PROVIDER}/${file}`, provider)).toEqual({
    by: PROVIDER,
    url: `https://cdn.example.com/${file}?sig=1`,
    digest,
  });
  expect(await told('terraform', `${PROVIDER}/x_SHA256SUMS.sig`, provider)).toEqual({
    by: PROVIDER,
    url: `${UPSTREAM}x_SHA256SUMS.sig?sig=2`,
  });
});

test('the archives of a network mirror lead through the registry', async () => {
  const path = 'registry.terraform.io/hashicorp/random/3.0.0.json';
  const hashes = ['h1:x', `zh:${'AB'.repeat(32)}`];
  const archives = {
    linux_amd64: { url: 'r_3.0.0.zip', hashes: ['h1:x'] },
    windows_amd64: { url: 'https://cdn.example.com/w.zip', hashes },
  };
  const mirror = answerOf(path, JSON.stringify({ archives }));
  expect(JSON.parse(String((await rewritten('terraform', mirror)).body))).toEqual({
    archives: {
      linux_amd64: { url: `${ROOT}registry.terraform.io/hashicorp/random/r_3.0.0.zip`, hashes: ['h1:x'] },
      windows_amd64: { url: `${ROOT}${path}/w.zip`, hashes },
    },
  });
  expect(await told('terraform', `${path}/w.zip`, mirror)).toEqual({
    ...{ by: path, url: 'https://cdn.example.com/w.zip' },
    digest: { algorithm: 'sha256', hex: 'ab'.repeat(32) },
  });
});

test.each([
  [MODULE, '<html>log in</html>', 'not a module download response: a page of HTML'],
  [MODULE, '{}', 'not a module download response: it has neither the header x-terraform-get nor a location'],
  [PROVIDER, '{"errors":["x"]}', 'not a document of a Terraform registry: it has no download_url'],
  ['v1/modules/corp/net/aws/versions', '{"modules":[]}', 'taken'],
  ['v1/providers/corp/net/versions', '<html>', 'not a document of a Terraform registry: a page of HTML'],
])('%s %s: %s', async (path, body, expected) => {
  expect(await checked('terraform', answerOf(path, body))).toBe(expected);
});
