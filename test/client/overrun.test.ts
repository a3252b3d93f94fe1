import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '../../src/client/client';

let server: Server;
let client: Client;
let refuse: (response: ServerResponse) => void;
let refused: number;
let done: Set<string>;

/** A server that works on two requests at a time and refuses every further one. */
beforeEach(async () => {
  let busy = 0;
  refused = 0;
  done = new Set();
  server = createServer((request, response) => {
    if (busy >= 2) {
      refused += 1;
      return refuse(response);
    }
    busy += 1;
    setTimeout(() => {
      busy -= 1;
      done.add(request.url ?? '');
      response.end('{}');
    }, 10);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  client = new Client({
    endpoint: `http://127.0.0.1:${port}`,
    headers: {},
    secrets: [],
    userAgent: 'test',
    insecureSkipVerify: false,
    requestTimeout: 10_000,
    maxRetries: 10,
    maxConcurrency: 50,
    baseDelay: 20,
    env: {},
  });
});

afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const status =
  (code: number, headers = {}) =>
  (response: ServerResponse): void =>
    void response.writeHead(code, headers).end('too many');

it.each<[string, (response: ServerResponse) => void]>([
  ['says 429', status(429)],
  ['says 429 and asks for no pause', status(429, { 'retry-after': '0' })],
  ['says 503', status(503)],
  ['says 502, as a proxy before it', status(502)],
  ['breaks the connection', (response) => void response.destroy()],
])('does not overrun a server that takes two at a time and otherwise %s, and loses nothing', async (_, how) => {
  refuse = how;
  const paths = Array.from({ length: 200 }, (_one, index) => `/${index}`);
  const answers = await Promise.all(paths.map((path) => client.send({ method: 'PUT', path, body: {} })));
  expect(answers.every((answer) => answer.status === 200)).toBe(true);
  expect(done).toEqual(new Set(paths));
  // The first fifty come at once, before anything is known; after that only one probe in a while is too many.
  expect(refused).toBeLessThan(100);
});
