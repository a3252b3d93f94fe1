import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { type Duplex } from 'node:stream';
import { Connections } from '../../src/net/connections';
import { proxyFor } from '../../src/net/proxy-rules';
import { createCertificate } from '../../src/protocol/certificate';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => (server.closeAllConnections(), void server.close()));
  return (server.address() as AddressInfo).port;
}

function connections(env: Record<string, string>): Connections {
  const made = new Connections({ env, connectTimeout: 2000, rejectUnauthorized: false });
  closing.push(() => made.close());
  return made;
}

async function get(from: Connections, url: string, path?: string): Promise<string> {
  const request = from.request(new URL(url), { method: 'GET', headers: {}, ...(path && { path }) });
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  request.end();
  const [response] = await answered;
  let text = `${response.statusCode} `;
  for await (const chunk of response) text += String(chunk);
  return text;
}

test.each<[string, Record<string, string>, string | undefined]>([
  ['http://a.example', {}, undefined],
  ['http://a.example', { HTTP_PROXY: 'http://p:1' }, 'http://p:1/'],
  ['http://a.example', { http_proxy: 'p:1' }, 'http://p:1/'],
  ['https://a.example', { https_proxy: 'http://p:1', HTTP_PROXY: 'http://q:1' }, 'http://p:1/'],
  ['https://a.example', { HTTP_PROXY: 'http://q:1' }, 'http://q:1/'],
  ...['*', 'a.example', '.example', '*.example', 'example', 'x, a.example', 'x a.example:80', 'A.Example'].map(
    (no): [string, Record<string, string>, undefined] => ['http://a.example', { http_proxy: 'http://p:1', no_proxy: no }, undefined],
  ),
  ...['b.example', '.a.example.com', 'xample', 'a.example:81', '10.0.0.0/8'].map((no): [string, Record<string, string>, string] => [
    'http://a.example',
    { http_proxy: 'http://p:1', NO_PROXY: no },
    'http://p:1/',
  ]),
  ['http://10.1.2.3', { http_proxy: 'http://p:1', no_proxy: '10.0.0.0/8' }, undefined],
  ['http://[::1]:80', { http_proxy: 'http://p:1', no_proxy: '::1' }, undefined],
  ['http://[fd00::1]', { http_proxy: 'http://p:1', no_proxy: 'fd00::/8' }, undefined],
  ['http://11.1.2.3', { http_proxy: 'http://p:1', no_proxy: '10.0.0.0/8,10.0.0.0/99' }, 'http://p:1/'],
])('the proxy for %s with %j is %s', (url, env, proxy) => {
  expect(proxyFor(new URL(url), env)?.href).toBe(proxy);
});

test('a proxy that is no URL is an error that does not show its password', () => {
  expect(() => proxyFor(new URL('http://a'), { http_proxy: 'socks5://u:secret@p' })).toThrow(
    /^the proxy in the environment is not an http or https URL$/,
  );
});

test('plain http goes to the proxy with the whole URL, https through a tunnel, both with its user', async () => {
  const { key, pem } = createCertificate();
  const secure = await listen(createTlsServer({ key, cert: pem }, (request, response) => void response.end(`secure ${request.url}`)));
  const asked: unknown[] = [];
  const proxy = createServer((request, response) => {
    asked.push([request.url, request.headers.host, request.headers['proxy-authorization']]);
    response.end('plain');
  });
  proxy.on('connect', (request: IncomingMessage, socket: Duplex) => {
    asked.push([request.method, request.url, request.headers['proxy-authorization']]);
    const target = connect(secure, '127.0.0.1', () => (socket.write('HTTP/1.1 200 OK\r\n\r\n'), target.pipe(socket).pipe(target)));
    for (const end of [socket, target]) end.on('error', () => end.destroy());
    closing.push(() => (socket.destroy(), void target.destroy()));
  });
  const url = `http://u:p%40ss@127.0.0.1:${await listen(proxy)}`;
  const from = connections({ http_proxy: url });
  const user = `Basic ${btoa('u:p@ss')}`;
  expect(await get(from, 'http://registry.example:81/x', '/%2e%2e/x?y')).toBe('200 plain');
  expect([await get(from, 'https://registry.example/a'), await get(from, 'https://registry.example/b')]).toEqual([
    '200 secure /a',
    '200 secure /b',
  ]);
  expect(asked).toEqual([
    ['http://registry.example:81/%2e%2e/x?y', 'registry.example:81', user],
    ['CONNECT', 'registry.example:443', user],
  ]);
});

test.each([
  ['HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n', /answered 407 when asked for a\.example:443$/],
  ['garbage\r\n\r\n', /cannot be used: /],
  ['', /cannot be used: /],
])('a proxy that answers %j to a tunnel is an error in words', async (answer, message) => {
  const proxy = createTcpServer((socket) => void socket.once('data', () => socket.end(answer)));
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  closing.push(() => void proxy.close());
  const { port } = proxy.address() as AddressInfo;
  await expect(get(connections({ https_proxy: `http://u:secret@127.0.0.1:${port}` }), 'https://a.example/')).rejects.toThrow(message);
});
