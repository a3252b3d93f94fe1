import { type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { Tokens } from '../../../src/registry/proxy/bearer';
import { type UpstreamAnswer } from '../../../src/registry/proxy/upstream';
import { unsetRemoteSettings } from '../../../src/registry/store/remote-settings';
import { digestOf } from '../formats/docker-image';
import { addRemote, call, cleanUp, registry, type TestUpstream, upstream } from '../helpers';

afterEach(cleanUp);

const LAYERS = ['one', 'two', 'three'];

/** A registry that wants a token for each image, and the server that gives them, which may be the registry itself. */
async function demanding({ realm = (url: string) => `${url}/token`, login = '', isOne = false } = {}) {
  const valid = new Set<string>();
  let given = 0;
  const give = (request: IncomingMessage, response: ServerResponse) => {
    const { authorization = '' } = request.headers;
    if (login && authorization !== login) return void response.writeHead(401).end();
    const token = `t${++given}`;
    valid.add(token);
    response.end(JSON.stringify({ token, expires_in: 300 }));
  };
  const tokens = await upstream(give);
  const cdn = await upstream((request, response) => void response.end(LAYERS.find((layer) => request.url === `/${digestOf(layer)}`)));
  const images: TestUpstream = await upstream((request, response) => {
    if (request.url?.startsWith('/token')) return give(request, response);
    const [, token = ''] = /^Bearer (.*)$/.exec(request.headers.authorization ?? '') ?? [];
    if (!valid.has(token)) {
      const scope = `repository:${String(request.url).split('/').slice(2, -2).join('/')}:pull`;
      const challenge = `Bearer realm="${realm((isOne ? images : tokens).url)}",service="of \\"images\\"",scope="${scope}"`;
      return void response.writeHead(401, { 'www-authenticate': challenge }).end('{}');
    }
    response.writeHead(307, { location: `${cdn.url}/${String(request.url).split('/').pop()}` }).end();
  });
  return { tokens, cdn, images, revoke: () => valid.clear() };
}

const authorizations = ({ requests }: { requests: IncomingMessage[] }) => requests.map(({ headers }) => headers.authorization);

async function pulling(images: { url: string }, fields: Record<string, unknown> = {}) {
  const { url } = await registry();
  await addRemote(url, { name: 'r', package_type: 'docker', base_url: images.url, ...fields });
  return (layer: string, image = 'library/app') => call('GET', `${url}/v2/r/${image}/blobs/${digestOf(layer)}`);
}

test('a token is asked for by the words of the challenge, once for all of an image, and goes to no other host', async () => {
  const { tokens, cdn, images } = await demanding();
  const pull = await pulling(images);
  for (const layer of LAYERS) expect((await pull(layer)).text).toBe(layer);
  expect(tokens.requests.map(({ url }) => url)).toEqual(['/token?service=of+%22images%22&scope=repository%3Alibrary%2Fapp%3Apull']);
  expect(authorizations(tokens)).toEqual([undefined]);
  expect(authorizations(images)).toEqual([undefined, 'Bearer t1', 'Bearer t1', 'Bearer t1']);
  expect(authorizations(cdn)).toEqual([undefined, undefined, undefined]);
  expect((await pull('one', 'library/other')).text).toBe('one');
  expect(tokens.requests).toHaveLength(2);
});

test('it goes to no other upstream that has an image of the same name, either', async () => {
  const { images } = await demanding();
  const other = await upstream((_request, response) => void response.end('two'));
  const { url } = await registry();
  for (const [name, base_url] of Object.entries({ r: images.url, s: other.url }))
    await addRemote(url, { name, package_type: 'docker', base_url });
  const pull = async (remote: string, layer: string) =>
    (await call('GET', `${url}/v2/${remote}/library/app/blobs/${digestOf(layer)}`)).text;
  expect([await pull('r', 'one'), await pull('s', 'two')]).toEqual(['one', 'two']);
  expect(authorizations(other)).toEqual([undefined]);
});

test('many requests at once share one token; one that was revoked is replaced', async () => {
  const { tokens, images, revoke } = await demanding();
  const pull = await pulling(images);
  expect((await Promise.all(LAYERS.slice(0, 2).map((layer) => pull(layer)))).map(({ text }) => text)).toEqual(['one', 'two']);
  expect(tokens.requests).toHaveLength(1);
  revoke();
  expect((await pull('three')).text).toBe('three');
  expect(tokens.requests).toHaveLength(2);
});

const LOGIN = `Basic ${Buffer.from('ci:hush').toString('base64')}`;

test('the username and password of a remote go to the token server at its own host and port', async () => {
  const { images } = await demanding({ login: LOGIN, isOne: true });
  const pull = await pulling(images, { username: 'ci', password: 'hush' });
  expect((await pull('one')).text).toBe('one');
  expect(images.requests.filter(({ url }) => url?.startsWith('/token')).map(({ headers }) => headers.authorization)).toEqual([LOGIN]);
  const wrong = await pulling(images, { username: 'ci', password: 'wrong' });
  const refused = await wrong('two');
  expect([refused.status, refused.reason]).toEqual([
    502,
    `upstream of remote "r" cannot be logged in to: the token server ${new URL(images.url).host} that it names answered 401: it refuses the username and password of the remote`,
  ]);
});

test.each([
  ['another port', (url: string) => `${url}/token`],
  ['another host', (url: string) => `${url.replace('127.0.0.1', 'localhost')}/token`],
])('they do not go to %s where others can listen', async (_where, realm) => {
  const { tokens, images } = await demanding({ realm, login: LOGIN });
  const pull = await pulling(images, { username: 'ci', password: 'hush' });
  const refused = await pull('one');
  expect(authorizations(tokens)).toEqual([undefined]);
  expect([refused.status, refused.reason]).toEqual([
    502,
    `upstream of remote "r" cannot be logged in to: the token server ${new URL(realm(tokens.url)).host} that it names answered 401: it refuses requests without a username and password; without TLS, those of the remote go only to ${images.url}`,
  ]);
});

test.each<[what: string, challenge: (own: string) => string]>([
  ['no realm', () => 'Bearer service="x"'],
  ['an empty realm', () => 'Bearer realm=""'],
  ['a relative realm', () => 'Bearer realm="/token"'],
  ['a file', () => 'Bearer realm="file:///etc/passwd"'],
  ['a login in the realm', (own) => `Bearer realm="${own.replace('://', '://a:b@')}/token"`],
  ['no end', () => `Bearer realm="http://127.0.0.1/${'\\'.repeat(5000)}`],
  ['a page', (own) => `Bearer realm="${own}/page"`],
  ['a token that would end the header', (own) => `Bearer realm="${own}/newline"`],
  ['a token without end', (own) => `Bearer realm="${own}/endless"`],
  ['a token server that leads away', (own) => `Bearer realm="${own}/away"`],
  ['no token server', (own) => `Bearer realm="${own}/none"`],
  ['a token that is refused', (own) => `Bearer realm="${own}/token"`],
  ['another scheme', () => 'Basic realm="x"'],
  ['nothing', () => ''],
])('a challenge with %s is a 502, and harms nobody', async (_what, challenge) => {
  const evil = await upstream((request, response) => {
    if (request.url === '/page') return void response.end('<html>');
    if (request.url === '/newline') return void response.end(JSON.stringify({ token: 'a\r\nHost: b' }));
    if (request.url === '/endless') return void response.end(`{"token":"${'x'.repeat(1 << 20)}"}`);
    if (request.url === '/away') return void response.writeHead(302, { location: '/token' }).end();
    if (request.url === '/none') return void response.writeHead(404).end();
    if (request.url === '/token') return void response.end('{"access_token":"t"}');
    response.writeHead(401, { 'www-authenticate': challenge(evil.url) }).end();
  });
  const pull = await pulling(evil, { username: 'ci', password: 'hush' });
  const answer = await pull('one');
  expect([answer.status, (answer.json as { errors: { code: string }[] }).errors[0]?.code]).toEqual([502, 'UNKNOWN']);
  expect(answer.text).not.toContain('hush');
  expect(evil.requests.length).toBeLessThanOrEqual(3);
});

test('a challenge of another host than the remote has no effect', async () => {
  const tokens = await upstream((_request, response) => void response.end('{"token":"t"}'));
  const cdn = await upstream(
    (_request, response) => void response.writeHead(401, { 'www-authenticate': `Bearer realm="${tokens.url}/token"` }).end(),
  );
  const images = await upstream((_request, response) => void response.writeHead(302, { location: cdn.url }).end());
  const pull = await pulling(images, { username: 'ci', password: 'hush' });
  expect((await pull('one')).status).toBe(502);
  expect(tokens.requests).toEqual([]);
});

describe('tokens', () => {
  const remote = { ...unsetRemoteSettings, name: 'r', repo_type: 'remote', package_type: 'docker', created_at: '', updated_at: '' };
  const answerOf = (status: number, header: string, body = ''): UpstreamAnswer => ({
    ...{ status, url: '', length: undefined, headerNames: [], body: Readable.from([Buffer.from(body)]) },
    header: () => header,
    discard: () => undefined,
  });
  const url = new URL('https://images.example.com/v2/app/blobs/x');

  test('a remote with TLS is led to no token server without it', async () => {
    const asked: URL[] = [];
    const tokens = new Tokens((_remote, at) => Promise.resolve(answerOf(200, String(asked.push(at)), '{"token":"t"}')));
    const obtain = (realm: string) =>
      tokens.obtain({
        remote: { ...remote, base_url: url.origin },
        url,
        answer: answerOf(401, `Basic realm="x, y", Bearer realm="${realm}"`),
        token: undefined,
      });
    await expect(obtain('http://tokens.example.com/')).rejects.toThrow(
      'demands a token from "http://tokens.example.com/"; expected an https URL, as the upstream is one',
    );
    expect(asked).toEqual([]);
    expect(await obtain('https://tokens.example.com/')).toEqual({ text: 't', isNew: true });
  });

  test('a token is used until shortly before its time is over', async () => {
    let now = 1_000_000;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now);
    try {
      const tokens = new Tokens(() => Promise.resolve(answerOf(200, '', '{"token":"t","expires_in":100}')));
      const there = { ...remote, base_url: url.origin };
      await tokens.obtain({ remote: there, url, answer: answerOf(401, 'Bearer realm="https://x.example.com/"'), token: undefined });
      now += 89_000;
      expect(tokens.guess(there, url)).toBe('t');
      expect(tokens.guess(there, new URL('https://images.example.com/v2/other/blobs/x'))).toBeUndefined();
      expect(tokens.guess({ ...there, username: 'other' }, url)).toBeUndefined();
      now += 2000;
      expect(tokens.guess(there, url)).toBeUndefined();
    } finally {
      clock.mockRestore();
    }
  });

  test.each([
    ['100', 90],
    ['1', 27],
    ['1e9', 3240],
    ['-5', 27],
    ['"long"', 54],
    ['null', 54],
  ])('one that is said to live for %s seconds is used for %d', async (said, used) => {
    const clock = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
    try {
      const tokens = new Tokens(() => Promise.resolve(answerOf(200, '', `{"token":"t","expires_in":${said}}`)));
      const there = { ...remote, base_url: url.origin };
      await tokens.obtain({ remote: there, url, answer: answerOf(401, 'Bearer realm="https://x.example.com/"'), token: undefined });
      clock.mockReturnValue(1_000_000 + used * 1000 - 1);
      expect(tokens.guess(there, url)).toBe('t');
      clock.mockReturnValue(1_000_000 + used * 1000);
      expect(tokens.guess(there, url)).toBeUndefined();
    } finally {
      clock.mockRestore();
    }
  });

  test.each<[what: string, token: unknown]>([
    ['nothing', ''],
    ['two words', 'a b'],
    ['what would end the header', 'a\r\nHost: b'],
    ['another letter', 'é'],
    ['more than 16384 letters', 'x'.repeat(16385)],
    ['a number', 7],
  ])('%s is none', async (_what, token) => {
    const tokens = new Tokens(() => Promise.resolve(answerOf(200, '', JSON.stringify({ token }))));
    const answer = answerOf(401, 'Bearer realm="https://x.example.com/"');
    await expect(tokens.obtain({ remote: { ...remote, base_url: url.origin }, url, answer, token: undefined })).rejects.toThrow(
      'the token server x.example.com that it names sent something other than a token',
    );
  });
});
