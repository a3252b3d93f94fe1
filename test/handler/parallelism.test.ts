import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { artifactapi } from '../../src/resources/artifactapi';
import type { ValueRecord } from '../../src/common/value';
import type { Core } from '../../src/testing/core';
import { configured } from '../../src/testing/target';

const type = 'artifactapi_remote_generic';
const remotes = Array.from({ length: 60 }, (_, index) => ({ name: `remote-${index}`, base_url: 'https://files.example.com' }));

let server: Server;
let core: Core;
let endpoint: string;
/** How many requests the server works on at a time, and what it does with others. */
let room: number;
let refuse: (response: ServerResponse) => void;
const objects = new Map<string, ValueRecord>();
const sockets = new Set<Socket>();
let most: number;

beforeEach(async () => {
  let busy = 0;
  most = 0;
  objects.clear();
  sockets.clear();
  server = createServer((request, response) => {
    if (busy >= room) return refuse(response);
    most = Math.max(most, (busy += 1));
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      setTimeout(() => {
        busy -= 1;
        answer(request.method ?? '', request.url ?? '', { text: Buffer.concat(chunks).toString(), response });
      }, 5);
    });
  });
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  core = await configured(artifactapi, { endpoint });
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function answer(method: string, url: string, { text, response }: { text: string; response: ServerResponse }): void {
  const [, name] = /^\/api\/v2\/remotes\/(.+)$/.exec(url) ?? [];
  const json = (status: number, body: unknown): void =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  if (method === 'POST') {
    const body = JSON.parse(text) as ValueRecord;
    objects.set(String(body['name']), body);
    return json(201, body);
  }
  if (name === undefined) return json(200, [...objects.values()]);
  const object = objects.get(name);
  return object ? json(200, object) : json(404, {});
}

/** Creates all, at most so many at a time, as Terraform does; what was said. */
async function createAll(parallelism: number): Promise<string[]> {
  const waiting = [...remotes];
  const told: string[] = [];
  const worker = async (): Promise<void> => {
    for (let config = waiting.shift(); config; config = waiting.shift()) {
      const { diagnostics, instance } = await core.ensure(type, config);
      told.push(...diagnostics.map(({ detail }) => detail), ...(instance ? [] : [`${config.name} is not in state`]));
    }
  };
  await Promise.all(Array.from({ length: parallelism }, worker));
  return told;
}

it.each<[string, (response: ServerResponse) => void]>([
  ['says 429', (response) => void response.writeHead(429).end()],
  ['says 503 and when to come again', (response) => void response.writeHead(503, { 'retry-after': '1' }).end()],
  ['breaks the connection', (response) => void response.destroy()],
])(
  'a server that takes two at a time and otherwise %s gets all of 50 at once',
  async (_, how) => {
    room = 2;
    refuse = how;
    expect(await createAll(50)).toEqual([]);
    expect(objects.size).toBe(60);
    expect(most).toBe(2);
  },
  60_000,
);

it.each([
  ['20 connections', {}, 20],
  ['what max_concurrency says', { max_concurrency: 3 }, 3],
])('50 at once use at most %s', async (_, config, limit) => {
  room = Infinity;
  core = await configured(artifactapi, { endpoint, ...config });
  expect(await createAll(50)).toEqual([]);
  expect(objects.size).toBe(60);
  expect([most, sockets.size].map((count) => count > 0 && count <= limit)).toEqual([true, true]);
});
