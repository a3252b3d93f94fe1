import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCertificate } from '../../src/protocol/certificate';
import * as wire from '../../src/protocol/gen/messages';
import { frame } from '../../src/protocol/grpc/framing';
import { readHandshake } from '../../src/protocol/handshake';
import { pack } from '../../src/protocol/msgpack';
import { serveDebug } from '../../src/protocol/serve-debug';
import { decode, encode } from '../../src/protocol/wire/codec';
import { bundle } from '../support/bundle';
import { callRaw, connectPlugin, sendChunks, startClient, startPlugin, type Started } from '../support/plugin-client';
import { createMemoryProvider } from './fixture/memory-provider';

const VALIDATE = '/tfplugin6.Provider/ValidateResourceConfig';
const folder = mkdtempSync(join(tmpdir(), 'serve-'));
let executable: string;
beforeAll(() => {
  executable = bundle(join(__dirname, 'fixture/main.ts'), join(folder, 'terraform-provider-shelf'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function withPlugin(run: (started: Started) => Promise<void>, certificate?: ReturnType<typeof createCertificate>): Promise<void> {
  const started = await startPlugin(executable, certificate);
  const exited = once(started.process, 'exit');
  try {
    await run(started);
    expect(started.process.exitCode).toBeNull();
  } finally {
    started.process.kill('SIGKILL');
    await exited;
  }
}

describe('the handshake', () => {
  test('tells a person in two lines what this is, and exits with 1', () => {
    const { TF_PLUGIN_MAGIC_COOKIE: _, ...env } = process.env;
    const { status, stdout, stderr } = spawnSync(executable, { env, encoding: 'utf8' });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr.trimEnd().split('\n')).toEqual([
      'This is a Terraform provider: Terraform and OpenTofu start it, it does nothing when a person does.',
      'Install it by declaring the provider in a CDK for Terraform stack, or for plain HCL by: repoform provider install --dir DIR',
    ]);
  });

  test('refuses a Terraform that does not speak protocol 6', async () => {
    await expect(startPlugin(executable, undefined, { PLUGIN_PROTOCOL_VERSIONS: '4,5' })).rejects.toThrow(
      /ended with 1: this provider speaks plugin protocol 6, but Terraform asks for 4,5/,
    );
  });

  test('accepts a list of versions that has 6, and no list', () => {
    const TF_PLUGIN_MAGIC_COOKIE = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2';
    expect(readHandshake({ TF_PLUGIN_MAGIC_COOKIE, PLUGIN_PROTOCOL_VERSIONS: '5, 6' }, '').kind).toBe('serve');
    expect(readHandshake({ TF_PLUGIN_MAGIC_COOKIE }, '').kind).toBe('serve');
    expect(readHandshake({ TF_PLUGIN_MAGIC_COOKIE: 'x' }, 'about')).toEqual({ kind: 'refuse', text: 'about' });
  });

  test('gives a line with the certificate without padding, and an empty last field without TLS', async () => {
    const certificate = createCertificate();
    await withPlugin(async ({ line }) => expect(line).toMatch(/^1\|6\|tcp\|127\.0\.0\.1:\d+\|grpc\|[A-Za-z0-9+/]{300,}$/), certificate);
    await withPlugin(async ({ line }) => expect(line).toMatch(/^1\|6\|tcp\|127\.0\.0\.1:\d+\|grpc\|$/));
  });
});

describe('mutual TLS', () => {
  test('serves the client whose certificate was announced', async () => {
    const certificate = createCertificate();
    await withPlugin(async (started) => {
      const session = await connectPlugin(started, certificate);
      expect(await callRaw(session, '/tfplugin6.Provider/StopProvider', Buffer.alloc(0))).toHaveLength(0);
      session.destroy();
    }, certificate);
  });

  test.each([
    ['without a certificate', undefined],
    ['with another certificate', createCertificate()],
  ])('refuses a client %s', async (_, wrong) => {
    await withPlugin(async (started) => {
      await expect(connectPlugin(started, wrong)).rejects.toThrow();
      await expect(connectPlugin({ port: started.port }, wrong)).rejects.toThrow();
    }, createCertificate());
  });
});

describe('a running provider', () => {
  test('answers typed calls and ends on Shutdown', async () => {
    const client = await startClient(executable);
    const { diagnostics } = await client.call('ValidateResourceConfig', { typeName: 'nope' });
    expect(diagnostics[0]?.detail).toBe('nope is not known');
    await client.close();
    expect(client.process.exitCode).toBe(0);
  });

  test('takes a message cut into single bytes, and refuses what is not one message', async () => {
    await withPlugin(async (started) => {
      const session = await connectPlugin(started);
      const message = encode(wire.ValidateResourceConfigRequest, { typeName: 'nope' });
      const reply = await sendChunks(
        session,
        VALIDATE,
        [...frame(message)].map((byte) => Buffer.from([byte])),
      );
      expect(decode(wire.ValidateResourceConfigResponse, reply).diagnostics[0]?.detail).toBe('nope is not known');
      await expect(sendChunks(session, VALIDATE, [frame(message), frame(message)])).rejects.toMatchObject({
        code: 3,
        message: 'the call carries more than one message',
      });
      await expect(sendChunks(session, VALIDATE, [])).rejects.toMatchObject({ code: 3, message: 'the call carries no whole message' });
      await expect(sendChunks(session, VALIDATE, [frame(message).subarray(0, 7)])).rejects.toMatchObject({ code: 3 });
      await expect(sendChunks(session, VALIDATE, [Buffer.from([1, 0, 0, 0, 0])])).rejects.toMatchObject({
        code: 12,
        message: 'compressed messages are not supported',
      });
      await expect(sendChunks(session, VALIDATE, [Buffer.from([0, 255, 255, 255, 255])])).rejects.toMatchObject({ code: 8 });
      await expect(callRaw(session, '/no.Such/Method', message)).rejects.toMatchObject({
        code: 12,
        message: 'unknown method /no.Such/Method',
      });
      session.destroy();
    });
  });

  test.each([
    ['GET', 'application/grpc', 405],
    ['POST', 'application/json', 415],
    ['POST', 'application/grpc-web', 415],
  ])('answers %s with %s by HTTP %d', async (method, type, status) => {
    await withPlugin(async (started) => {
      const session = await connectPlugin(started);
      const stream = session.request({ ':method': method, ':path': VALIDATE, 'content-type': type });
      stream.end();
      const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
      expect(headers[':status']).toBe(status);
      session.destroy();
    });
  });

  test('moves messages of many megabytes both ways, many at once', async () => {
    await withPlugin(async (started) => {
      const session = await connectPlugin(started);
      const title = 'x'.repeat(12_000_000);
      const state = { msgpack: pack({ title }) };
      const message = encode(wire.ReadResourceRequest, { typeName: 'shelf_book', currentState: state });
      const replies = await Promise.all([1, 2, 3, 4].map(() => callRaw(session, '/tfplugin6.Provider/ReadResource', message)));
      expect(
        replies.map((reply) => Buffer.from(decode(wire.ReadResourceResponse, reply).newState?.msgpack ?? []).equals(state.msgpack)),
      ).toEqual([true, true, true, true]);
      session.destroy();
    });
  });

  test('outlives garbage, half-open connections, cancelled calls and clients that hang up', async () => {
    await withPlugin(async (started) => {
      for (const bytes of ['GET / HTTP/1.1\r\n\r\n', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff', '']) {
        const socket = connectTcp(started.port, '127.0.0.1');
        socket.on('error', () => {});
        await once(socket, 'connect');
        socket.write(Buffer.from(bytes, 'latin1'));
        socket.destroy();
      }
      const first = await connectPlugin(started);
      const stdio = first.request({ ':method': 'POST', ':path': '/plugin.GRPCStdio/StreamStdio', 'content-type': 'application/grpc' });
      stdio.on('error', () => {});
      stdio.end(frame(Buffer.alloc(0)));
      const [headers] = (await once(stdio, 'response')) as [Record<string, unknown>];
      expect(headers[':status']).toBe(200);
      expect(stdio.readableEnded).toBe(false);
      stdio.close(8);
      const half = first.request({ ':method': 'POST', ':path': VALIDATE, 'content-type': 'application/grpc' });
      half.on('error', () => {});
      half.write(Buffer.from([0, 0, 0, 0, 9, 1]));
      await callRaw(first, '/grpc.health.v1.Health/Check', Buffer.alloc(0));
      first.destroy();
      const second = await connectPlugin(started);
      expect(await callRaw(second, '/grpc.health.v1.Health/Check', Buffer.alloc(0))).toEqual(Buffer.from([8, 1]));
      second.destroy();
    });
  });

  test('does not end on SIGINT, and ends when its parent is gone', async () => {
    await withPlugin(async (started) => {
      started.process.kill('SIGINT');
      const session = await connectPlugin(started);
      expect(await callRaw(session, '/grpc.health.v1.Health/Check', Buffer.alloc(0))).toHaveLength(2);
      session.destroy();
    });
    const env = { ...process.env, TF_PLUGIN_MAGIC_COOKIE: 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2' };
    const shell = spawn('sh', ['-c', '"$0" & wait', executable], { env, stdio: ['ignore', 'pipe', 'ignore'] });
    await once(shell.stdout, 'data');
    const closed = once(shell.stdout, 'close');
    shell.kill('SIGKILL');
    await closed;
    expect(shell.signalCode).toBe('SIGKILL');
  });
});

test('debug mode serves without TLS at the address it prints, until it is closed', async () => {
  const printed: string[] = [];
  const server = await serveDebug({
    addresses: ['registry.terraform.io/acme/shelf', 'registry.opentofu.org/acme/shelf'],
    load: createMemoryProvider,
    print: (text) => printed.push(text),
  });
  const reattach = JSON.parse(server.reattach) as Record<string, { Addr: { String: string } }>;
  const entry = reattach['registry.terraform.io/acme/shelf'];
  const port = Number(entry?.Addr.String.split(':')[1]);
  expect(entry).toEqual({
    Protocol: 'grpc',
    ProtocolVersion: 6,
    Pid: process.pid,
    Test: true,
    Addr: { Network: 'tcp', String: `127.0.0.1:${port}` },
  });
  expect(Object.keys(reattach)).toHaveLength(2);
  expect(printed.join('')).toContain(`export TF_REATTACH_PROVIDERS='${server.reattach}'`);
  const session = await connectPlugin({ port });
  expect(await callRaw(session, '/tfplugin6.Provider/StopProvider', Buffer.alloc(0))).toHaveLength(0);
  server.close();
  await once(session, 'close');
  await expect(connectPlugin({ port })).rejects.toThrow(/ECONNREFUSED/);
});
