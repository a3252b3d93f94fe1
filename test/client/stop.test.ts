import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '../../src/client/client';

let server: Server;
let client: Client;
const done: string[] = [];

/** A server that works on everything for a while. */
beforeEach(async () => {
  done.length = 0;
  server = createServer((request, response) => {
    setTimeout(() => {
      done.push(`${request.method} ${request.url}`);
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"name":"a"}');
    }, 150);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const limits = { requestTimeout: 5000, maxRetries: 2, maxConcurrency: 1, baseDelay: 10 };
  client = new Client({ endpoint, headers: {}, secrets: [], userAgent: 'test', insecureSkipVerify: false, env: {}, ...limits });
});
afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

it('lets a write under way come to its end when it is stopped, so that what it made is known', async () => {
  const write = client.send({ method: 'POST', path: '/a', body: {} });
  await soon();
  client.stop();
  await expect(write).resolves.toMatchObject({ status: 201, json: { name: 'a' } });
});

it('does not start a write that waits for its turn, and says that nothing was done', async () => {
  const [first, second] = [client.send({ method: 'POST', path: '/a', body: {} }), client.send({ method: 'POST', path: '/b', body: {} })];
  const refused = expect(second).rejects.toMatchObject({ code: 'cancelled', outcomeUnknown: false });
  await soon();
  client.stop();
  await first;
  await refused;
  expect(done).toEqual(['POST /a']);
});

it('ends reads under way, and takes calls that are needed to finish', async () => {
  const read = expect(client.send({ method: 'GET', path: '/a' })).rejects.toMatchObject({ code: 'cancelled' });
  await soon();
  client.stop();
  await read;
  await expect(client.send({ method: 'GET', path: '/b' })).resolves.toMatchObject({ status: 201 });
});
