import { get, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { cleanUp, registry } from '../helpers';

afterEach(cleanUp);

interface Sent {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  /** As it comes over the wire. */
  readonly body: Buffer;
}

/** Asks as browsers do, which take what is compressed. */
function asked(url: string): Promise<Sent> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': 'gzip, deflate, br' } }, (answer) => {
      const { statusCode: status, headers } = answer;
      buffer(answer).then((body) => resolve({ status, headers, body }), reject);
    }).once('error', reject);
  });
}

/** The page of a registry, and what it loads, by their paths. */
async function loaded(url: string): Promise<ReadonlyMap<string, Sent>> {
  const page = await asked(`${url}/ui/`);
  const names = [
    ...gunzipSync(page.body)
      .toString()
      .matchAll(/(?:src|href)="([^"#]+)"/g),
  ].map(([, name = '']) => name);
  const rest = names.map(async (name) => [name, await asked(new URL(name, `${url}/ui/`).href)] as const);
  return new Map([['', page], ...(await Promise.all(rest))]);
}

test('the page and all that it loads come in less than 40 kB over the wire', async () => {
  const { url } = await registry();
  const parts = await loaded(url);
  expect([...parts.keys()].sort()).toEqual(['', 'icon.svg', 'page.css', 'page.js']);
  for (const [name, { status, headers }] of parts) expect([name, status, headers['content-encoding']]).toEqual([name, 200, 'gzip']);
  const sizes = [...parts.values()].map(({ body }) => body.length);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(40_000);
});

test('the page of each backend runs its own scripts alone, makes no markup of texts, and stands in no frame', async () => {
  const { urls } = await registry({
    backends: ['artifactapi', 'bkrepo', 'kubesphere'],
    bkrepo: { port: 0 },
    kubesphere: { port: 0 },
  });
  for (const url of Object.values(urls)) {
    for (const [name, { headers }] of await loaded(url)) {
      const policy = String(headers['content-security-policy']).split('; ');
      expect([name, policy]).toEqual([
        name,
        expect.arrayContaining([
          ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'"],
          ...["frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'"],
        ]),
      ]);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer' });
    }
  }
});
