import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '../../src/client/client';

let server: Server;
let client: Client;
let refused = 0;
const done = new Set<string>();

/** A server that works on two requests at a time and refuses every further one with a 429. */
beforeAll(async () => {
  let busy = 0;
  server = createServer((request, response) => {
    if (busy >= 2) {
      refused += 1;
      response.writeHead(429).end('too many');
      return;
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

afterAll(async () => {
  await client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it('does not overrun a server that takes two at a time, and loses nothing', async () => {
  const paths = Array.from({ length: 200 }, (_, index) => `/${index}`);
  const answers = await Promise.all(paths.map((path) => client.send({ method: 'PUT', path, body: {} })));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(done).toEqual(new Set(paths));
  // The first fifty come at once, before anything is known; after that only one probe in a while is too many.
  expect(refused).toBeLessThan(100);
});
