import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, type ClientOptions } from '../../src/client/client';
import { type ApiError } from '../../src/schema/define/errors';

const options: Omit<ClientOptions, 'endpoint'> = {
  headers: {},
  secrets: [],
  userAgent: 'test/1',
  insecureSkipVerify: false,
  maxConcurrency: 20,
  requestTimeout: 400,
  maxRetries: 2,
  baseDelay: 40,
  env: {},
};
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function listen(listener: RequestListener, port = 0): Promise<Server> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

async function clientOf(
  listener: RequestListener,
  more: Partial<ClientOptions> = {},
): Promise<{ client: Client; server: Server; port: number }> {
  const server = await listen(listener);
  const { port } = server.address() as AddressInfo;
  const client = new Client({ ...options, endpoint: `http://127.0.0.1:${port}`, ...more });
  cleanups.push(
    () => client.close(),
    () => close(server),
  );
  return { client, server, port };
}

/** Gets so many paths, ten at a time, as Terraform does; how each ended, and how long all took. */
async function plan(client: Client, size: number): Promise<{ codes: string[]; milliseconds: number }> {
  const started = performance.now();
  const codes: string[] = [];
  let next = 0;
  const walk = async (): Promise<void> => {
    while (next < size) {
      const path = `/things/${(next += 1)}`;
      const code = await client.send({ method: 'GET', path }).then(
        () => 'ok',
        (thrown: ApiError) => thrown.code,
      );
      codes.push(code);
    }
  };
  await Promise.all(Array.from({ length: 10 }, walk));
  return { codes, milliseconds: performance.now() - started };
}

/** Timeout x (retries + 2), with the pauses of one request and what a busy machine takes. */
const bound = 400 * 4 + 40 * 1.5 + 80 * 1.5 + 8000;

type Dead = readonly [what: string, listener: RequestListener, code: string];
const dead: readonly Dead[] = [
  ['never answers', () => {}, 'timeout'],
  ['drips a byte now and then', (_, response) => drip(response), 'timeout'],
  ['breaks every connection', (request) => request.socket.destroy(), 'unreachable'],
  ['stands behind a gateway that says 502', (_, response) => void response.writeHead(502).end(), 'server-error'],
  ['stands behind a gateway that says 503', (_, response) => void response.writeHead(503).end(), 'busy'],
];

function drip(response: Parameters<RequestListener>[1]): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 50);
  response.once('close', () => clearInterval(timer));
}

describe.each(dead)('a server that %s', (_, listener, code) => {
  it.each([5, 20, 60, 300])('ends %i reads in the time of one', async (size) => {
    let asked = 0;
    const { client } = await clientOf((...request) => {
      asked += 1;
      listener(...request);
    });
    const { codes, milliseconds } = await plan(client, size);
    expect(new Set(codes)).toEqual(new Set([code]));
    expect([codes.length, milliseconds < bound]).toEqual([size, true]);
    // Those that are under way together and wait take one round of tries; what fails at once does so for 0.4 s. Nobody asks after them.
    expect(asked).toBeLessThanOrEqual(code === 'timeout' ? 10 * (options.maxRetries + 2) : 200);
  });
});

it('an answer that takes all of the time it may is waited for, whatever its pauses', async () => {
  const { client } = await clientOf((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    setTimeout(() => response.write('{"a":'), 150);
    setTimeout(() => response.end('1}'), 300);
  });
  expect((await client.send({ method: 'GET', path: '/a' })).json).toEqual({ a: 1 });
});

it('a call that declares a longer time has it', async () => {
  const slow: RequestListener = (_, response) => void setTimeout(() => response.end('{}'), 700);
  const [usual, patient] = [await clientOf(slow, { maxRetries: 0 }), await clientOf(slow, { maxRetries: 0 })];
  await expect(usual.client.send({ method: 'POST', path: '/a', body: {} })).rejects.toMatchObject({ code: 'timeout' });
  expect((await patient.client.send({ method: 'POST', path: '/a', body: {}, timeout: 2000 })).status).toBe(200);
});

describe('the body of a file', () => {
  const piece = Buffer.alloc(1000, 'x');

  it('may take longer than a request when enough of it comes through', async () => {
    const { client } = await clientOf((_, response) => {
      let left = 12;
      const timer = setInterval(() => ((left -= 1) > 0 ? response.write(piece) : (response.end(piece), clearInterval(timer))), 100);
    });
    expect((await client.send({ method: 'GET', path: '/a', digest: true })).digest?.size).toBe(12_000);
  });

  it('may not drip', async () => {
    const { client } = await clientOf((_, response) => drip(response), { maxRetries: 0 });
    await expect(client.send({ method: 'GET', path: '/a', digest: true })).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringMatching(/only \d+ bytes of the file went through in 0\.4 s/) as unknown,
    });
  });

  it('may be sent for as long as it flows, and is answered in the time of a request', async () => {
    async function* slowly(): AsyncIterable<Uint8Array> {
      for (let index = 0; index < 12; index += 1) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        yield piece;
      }
    }
    const upload = { size: 12_000, open: slowly };
    const { client } = await clientOf(
      (request, response) => void request.resume().once('end', () => setTimeout(() => response.end('{}'), 300)),
    );
    expect((await client.send({ method: 'PUT', path: '/a', upload })).status).toBe(200);
    const silent = await clientOf((request) => void request.resume(), { maxRetries: 0 });
    await expect(silent.client.send({ method: 'PUT', path: '/a', upload })).rejects.toMatchObject({ code: 'timeout' });
  });
});

it('a server that restarts is waited for: nothing of an apply is lost, and nothing is done twice', async () => {
  const made: string[] = [];
  const work: RequestListener = (request, response) => {
    request.resume().once('end', () => {
      made.push(request.url ?? '');
      response.end('{}');
    });
  };
  const { client, server, port } = await clientOf(work, { maxRetries: 4 });
  await client.send({ method: 'GET', path: '/list' });
  setTimeout(() => void close(server), 30);
  // Longer than the tries of one request, and in the middle of the work.
  setTimeout(() => void listen(work, port).then((next) => cleanups.push(() => close(next))), 1000);
  const paths = Array.from({ length: 500 }, (_, index) => `/things/${index}`);
  let next = 0;
  const failed: unknown[] = [];
  const walk = async (): Promise<void> => {
    while (next < paths.length) {
      const path = paths[next++] ?? '';
      await new Promise((resolve) => setTimeout(resolve, 1));
      await client.send({ method: 'PUT', path, body: {} }).catch((thrown: unknown) => failed.push(thrown));
    }
  };
  await Promise.all(Array.from({ length: 10 }, walk));
  expect(failed).toEqual([]);
  expect(new Set(made)).toEqual(new Set(['/list', ...paths]));
});

describe('a gateway that says 503', () => {
  /** A server behind a gateway, which answers for it while it is away. */
  async function behind(away: (path: string) => boolean, more: Partial<ClientOptions> = {}) {
    const made: string[] = [];
    const gateway: RequestListener = (request, response) => {
      const path = request.url ?? '';
      request.resume().once('end', () => {
        if (away(path)) return void response.writeHead(503).end();
        made.push(path);
        response.end('{}');
      });
    };
    return { made, ...(await clientOf(gateway, { maxRetries: 3, ...more })) };
  }

  it.each([1, 40])('for longer than the tries of one request, in the middle of an apply of %i, is waited for', async (size) => {
    let isAway = false;
    const { client, made } = await behind(() => isAway);
    await client.send({ method: 'GET', path: '/list' });
    isAway = true;
    setTimeout(() => (isAway = false), 900);
    const paths = Array.from({ length: size }, (_, index) => `/things/${index}`);
    const written = paths.map((path) => client.send({ method: 'POST', path, body: {} }));
    expect((await Promise.allSettled(written)).map(({ status }) => status)).toEqual(paths.map(() => 'fulfilled'));
    expect(made).toHaveLength(1 + paths.length);
  });

  it('for a part of the server, while the others answer, fails with the last try', async () => {
    const { client } = await behind((path) => path === '/part', { requestTimeout: 10_000 });
    const others = setInterval(() => void client.send({ method: 'GET', path: '/other' }).catch(() => {}), 10);
    try {
      await client.send({ method: 'GET', path: '/other' });
      const began = performance.now();
      await expect(client.send({ method: 'GET', path: '/part' })).rejects.toMatchObject({ code: 'busy', status: 503 });
      expect(performance.now() - began).toBeLessThan(20_000);
    } finally {
      clearInterval(others);
    }
  });
});

it('a stop ends those who wait for a server to come back', async () => {
  const { client, server } = await clientOf((_, response) => void response.end('{}'), { maxRetries: 4, requestTimeout: 4000 });
  await client.send({ method: 'GET', path: '/a' });
  await close(server);
  const waiting = Promise.allSettled([1, 2, 3].map((index) => client.send({ method: 'GET', path: `/${index}` })));
  await new Promise((resolve) => setTimeout(resolve, 1200));
  const stopped = performance.now();
  client.stop();
  expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(performance.now() - stopped).toBeLessThan(10_000);
});
