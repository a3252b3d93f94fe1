import * as fc from 'fast-check';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { type Certificate, createCertificate } from '../../src/protocol/certificate';
import * as wire from '../../src/protocol/gen/messages';
import { frame as message } from '../../src/protocol/grpc/framing';
import { decode, encode } from '../../src/protocol/wire/codec';
import { bundle } from '../support/bundle';
import * as h2 from '../support/http2-frames';
import { callRaw, connectPlugin, startPlugin, type Started } from '../support/plugin-client';

const VALIDATE = '/tfplugin6.Provider/ValidateResourceConfig';
const STDIO = '/plugin.GRPCStdio/StreamStdio';
const request = message(encode(wire.ValidateResourceConfigRequest, { typeName: 'nope' }));
const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
let executable: string;
beforeAll(() => {
  executable = bundle(join(__dirname, 'fixture/main.ts'), join(folder, 'terraform-provider-shelf'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A provider that hostile peers have met, and how it fares. */
interface Victim {
  readonly started: Started;
  readonly certificate: Certificate | undefined;
  readonly stderr: () => string;
  stop(): Promise<void>;
}

async function victim(certificate?: Certificate): Promise<Victim> {
  const started = await startPlugin(executable, certificate);
  const exited = once(started.process, 'exit');
  let stderr = '';
  started.process.stderr?.on('data', (text) => (stderr += String(text)));
  const stop = async (): Promise<void> => {
    started.process.kill('SIGKILL');
    await exited;
  };
  return { started, certificate, stderr: () => stderr, stop };
}

/** A good peer that comes afterwards is served, and nothing was thrown. */
async function isWell({ started, certificate, stderr }: Victim): Promise<void> {
  expect({ exit: started.process.exitCode, stderr: stderr() }).toEqual({ exit: null, stderr: '' });
  const session = await connectPlugin(started, certificate);
  const reply = decode(wire.ValidateResourceConfigResponse, await callRaw(session, VALIDATE, request.subarray(5)));
  expect(reply.diagnostics[0]?.detail).toBe('nope is not known');
  session.destroy();
}

/** What a peer writes to, and the TCP connection below it. */
interface Wire {
  readonly socket: Socket;
  readonly tcp: Socket;
}

/** Says that it is done and waits a little for the other side to be so too. */
async function done({ socket }: Wire): Promise<void> {
  socket.end();
  await Promise.race([once(socket, 'close'), pause(30)]);
  socket.destroy();
}

const endings = {
  fin: done,
  'a reset of the connection': async ({ tcp }: Wire) => void tcp.resetAndDestroy(),
  'a close without reading': async ({ socket }: Wire) => void socket.destroy(),
  'goaway and fin': async (wire: Wire) => {
    wire.socket.write(h2.goAway());
    await done(wire);
  },
  'goaway with an error and a reset': async ({ socket, tcp }: Wire) => {
    socket.write(h2.goAway(0, 2));
    await pause(1);
    tcp.resetAndDestroy();
  },
} as const;
type Ending = keyof typeof endings;

async function open({ started, certificate }: Pick<Victim, 'started' | 'certificate'>): Promise<Wire> {
  const { port, serverPem } = started;
  const tcp = connectTcp(port, '127.0.0.1');
  tcp.on('error', () => {}).setNoDelay(true);
  await once(tcp, 'connect');
  if (!certificate) return { socket: tcp, tcp };
  const own = { key: certificate.key, cert: certificate.pem };
  const socket = connectTls({ socket: tcp, servername: 'localhost', ca: serverPem, ...own, ALPNProtocols: ['h2'] });
  await once(
    socket.on('error', () => {}),
    'secureConnect',
  );
  return { socket, tcp };
}

/** Opens a connection and sends the writes, in packets of their own when `apart`. */
async function attack(target: Victim, writes: readonly Uint8Array[], how: { end: Ending; apart: boolean }): Promise<void> {
  const wire = await open(target);
  const { socket } = wire;
  socket.resume();
  if (!how.apart) socket.write(Buffer.concat(writes));
  for (const bytes of how.apart ? writes : []) {
    if (socket.destroyed) break;
    socket.write(bytes);
    await new Promise((next) => setImmediate(next));
  }
  await pause(1);
  await endings[how.end](wire);
}

/** Two calls of which neither is whole before the other has begun, and a third that stays open. */
const conversation: readonly Buffer[] = [
  h2.hello(),
  h2.headers(1, h2.callHeaders(VALIDATE)),
  h2.data(1, request.subarray(0, 3)),
  h2.headers(3, h2.callHeaders(VALIDATE)),
  h2.data(3, request.subarray(0, 7)),
  h2.headers(5, h2.callHeaders(STDIO)),
  h2.data(5, message(Buffer.alloc(0)), h2.END_STREAM),
  h2.data(1, request.subarray(3, 8)),
  h2.data(1, request.subarray(8), h2.END_STREAM),
  h2.data(3, request.subarray(7), h2.END_STREAM),
  h2.reset(5),
];

describe.each([
  ['without TLS', undefined],
  ['with TLS', createCertificate()],
])('a connection %s', (_, certificate) => {
  let target: Victim;
  beforeAll(async () => void (target = await victim(certificate)));
  afterAll(() => target.stop());

  test.each(Object.keys(endings) as Ending[])('may end between any two writes, by %s', async (end) => {
    for (let count = 0; count <= conversation.length; count += 1) {
      await attack(target, conversation.slice(0, count), { end, apart: true });
      await attack(target, conversation.slice(0, count), { end, apart: false });
    }
    await isWell(target);
  });

  test('may end within any frame', async () => {
    const bytes = Buffer.concat(conversation);
    for (let at = 1; at < bytes.length; at += 7)
      await attack(target, [bytes.subarray(0, at)], { end: at % 2 ? 'fin' : 'a reset of the connection', apart: true });
    await isWell(target);
  });
});

const call = (stream: number, changed?: Readonly<Record<string, string>>): Buffer => h2.headers(stream, h2.callHeaders(VALIDATE, changed));
const whole = (stream: number): Buffer => Buffer.concat([call(stream), h2.data(stream, request, h2.END_STREAM)]);
const odd = (index: number): number => 2 * index + 1;
const many = (count: number, make: (index: number) => Buffer): Buffer => Buffer.concat(Array.from({ length: count }, (_, i) => make(i)));

const half = (stream: number): Buffer => Buffer.concat([call(stream), h2.data(stream, request.subarray(0, 6))]);

/** What a peer may send after its first settings, by what it is. */
const attacks: Readonly<Record<string, readonly Uint8Array[]>> = {
  'two halves of calls': [half(1), half(3)],
  'half a call, and that all is well': [half(1), h2.reset(1, 0)],
  'two halves of calls, and that all is well': [half(1), half(3), Buffer.concat([h2.reset(1, 0), h2.reset(3, 0)])],
  'two halves of calls, and goaway': [half(1), half(3), h2.goAway()],
  'half a call and the reset of another': [half(1), half(3), h2.reset(3, 0), h2.data(1, request.subarray(6), h2.END_STREAM)],
  'a call without a message': [h2.headers(1, h2.callHeaders(VALIDATE), h2.END_HEADERS | h2.END_STREAM)],
  'a call and its reset at once': [Buffer.concat([call(1), h2.reset(1)])],
  'a whole call and its reset at once': [Buffer.concat([whole(1), h2.reset(1)])],
  'a call that is refused and its reset at once': [Buffer.concat([call(1, { ':method': 'GET' }), h2.reset(1)])],
  'a call of another type and its reset': [Buffer.concat([call(1, { 'content-type': 'text/html' }), h2.reset(1)])],
  'a stream that is opened and reset at once': [
    Buffer.concat([h2.headers(1, h2.callHeaders(STDIO)), h2.data(1, message(Buffer.alloc(0)), h2.END_STREAM), h2.reset(1)]),
  ],
  'a message of a bad prefix and a reset': [Buffer.concat([call(1), h2.data(1, Buffer.from([9, 0, 0, 0, 0])), h2.reset(1)])],
  'a message of four gigabytes': [call(1), h2.data(1, Buffer.from([0, 255, 255, 255, 255])), h2.data(1, Buffer.alloc(9000))],
  'more than one message': [call(1), h2.data(1, Buffer.concat([request, request, request]), h2.END_STREAM)],
  'data after the end': [whole(1), h2.data(1, request)],
  'headers after the end': [whole(1), call(1)],
  trailers: [call(1), h2.data(1, request), h2.headers(1, h2.headerBlock([['grpc-x', '1']]), h2.END_HEADERS | h2.END_STREAM)],
  'trailers that end nothing': [call(1), h2.headers(1, h2.headerBlock([['grpc-x', '1']]))],
  'a thousand resets': [many(1000, (i) => Buffer.concat([call(odd(i)), h2.reset(odd(i))]))],
  'a thousand whole calls that nobody reads': [many(1000, (i) => whole(odd(i)))],
  'more streams than are allowed': [many(5000, (i) => call(odd(i)))],
  'a stream of an even number': [call(2)],
  'a stream of number zero': [call(0)],
  'streams that go down': [call(9), call(3)],
  'data for a stream that is not there': [h2.data(7, request, h2.END_STREAM)],
  'a reset of a stream that is not there': [h2.reset(7)],
  'a reset of the wrong size': [h2.frame({ type: h2.Type.RST, stream: 1, payload: Buffer.alloc(3) })],
  'goaway and more calls': [whole(1), h2.goAway(1), whole(3)],
  'goaway of the wrong size': [h2.frame({ type: h2.Type.GOAWAY, payload: Buffer.alloc(1) })],
  'a frame of 16 MiB': [h2.frame({ type: h2.Type.DATA, stream: 1, length: 0xff_ff_ff, payload: Buffer.alloc(40_000) })],
  'a frame of an unknown type': [h2.frame({ type: 200, flags: 255, stream: 1, payload: Buffer.alloc(100) })],
  'headers without end': [h2.headers(1, h2.callHeaders(VALIDATE), 0), h2.data(1, request)],
  'a hundred continuations': [
    h2.headers(1, h2.callHeaders(VALIDATE), 0),
    many(100, () => h2.frame({ type: h2.Type.CONTINUATION, stream: 1, payload: h2.headerBlock([['x', 'y'.repeat(100)]]) })),
  ],
  'headers of 200 kB': [
    h2.headers(1, Buffer.alloc(0), 0),
    many(20, () => h2.frame({ type: h2.Type.CONTINUATION, stream: 1, payload: Buffer.alloc(10_000) })),
  ],
  'a header block that is none': [h2.headers(1, Buffer.from([255, 255, 255, 255, 255, 255]))],
  'no pseudo headers': [h2.headers(1, h2.headerBlock([['content-type', 'application/grpc']]))],
  'a path twice': [h2.headers(1, Buffer.concat([h2.callHeaders(VALIDATE), h2.headerBlock([[':path', '/x']])]))],
  'names in capitals': [h2.headers(1, h2.callHeaders(VALIDATE, { 'X-Y': '1' }))],
  'a value with line ends': [h2.headers(1, h2.callHeaders(VALIDATE, { x: 'a\r\nb: c' }))],
  'a path of nothing': [h2.headers(1, h2.callHeaders('')), h2.data(1, request, h2.END_STREAM)],
  'a path of bytes': [h2.headers(1, h2.callHeaders('/\u0000\u00ff')), h2.data(1, request, h2.END_STREAM)],
  'a path to a prototype': [h2.headers(1, h2.callHeaders('__proto__')), h2.data(1, request, h2.END_STREAM)],
  CONNECT: [call(1, { ':method': 'CONNECT' })],
  'an expectation': [call(1, { expect: '100-continue' }), h2.data(1, request, h2.END_STREAM)],
  'a length that is not true': [call(1, { 'content-length': '3' }), h2.data(1, request, h2.END_STREAM)],
  'a timeout that is none': [call(1, { 'grpc-timeout': '-1x' }), h2.data(1, request, h2.END_STREAM)],
  'an encoding': [call(1, { 'grpc-encoding': 'gzip' }), h2.data(1, Buffer.concat([Buffer.of(1), request.subarray(1)]), h2.END_STREAM)],
  'a push': [h2.frame({ type: h2.Type.PUSH, flags: 4, stream: 1, payload: Buffer.concat([h2.word(2), h2.callHeaders(VALIDATE)]) })],
  'a priority of itself': [h2.frame({ type: h2.Type.PRIORITY, stream: 1, payload: Buffer.concat([h2.word(1), Buffer.of(1)]) })],
  'a window of nothing': [whole(1), h2.frame({ type: h2.Type.WINDOW, payload: h2.word(0) })],
  'a window that overflows': [h2.frame({ type: h2.Type.WINDOW, payload: h2.word(0x7fff_ffff) }), whole(1)],
  'a window of a stream that overflows': [call(1), h2.frame({ type: h2.Type.WINDOW, stream: 1, payload: h2.word(0x7fff_ffff) })],
  'settings that no peer may set': [h2.frame({ type: h2.Type.SETTINGS, payload: Buffer.from([0, 4, 255, 255, 255, 255]) })],
  'settings of a window of zero': [h2.frame({ type: h2.Type.SETTINGS, payload: Buffer.from([0, 4, 0, 0, 0, 0]) }), whole(1)],
  'settings of the wrong size': [h2.frame({ type: h2.Type.SETTINGS, payload: Buffer.alloc(5) })],
  'ten thousand settings': [many(10_000, () => h2.frame({ type: h2.Type.SETTINGS }))],
  'acknowledged settings that nobody sent': [many(50, () => h2.frame({ type: h2.Type.SETTINGS, flags: 1 }))],
  'ten thousand pings': [many(10_000, () => h2.frame({ type: h2.Type.PING, payload: Buffer.alloc(8) }))],
  'ten thousand empty frames': [call(1), many(10_000, () => h2.data(1, Buffer.alloc(0)))],
  'padding longer than its frame': [call(1), h2.frame({ type: h2.Type.DATA, flags: 8, stream: 1, payload: Buffer.from([255, 1, 2]) })],
  'a connection that says HTTP/1.1': [Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n')],
  zeros: [Buffer.alloc(100_000)],
};

describe('a peer that sends', () => {
  let target: Victim;
  beforeAll(async () => void (target = await victim()));
  afterAll(() => target.stop());

  test.each(Object.keys(attacks))('%s', async (name) => {
    const writes = attacks[name] ?? [];
    for (const end of ['fin', 'a reset of the connection'] as const) {
      await attack(target, [h2.hello(), ...writes], { end, apart: true });
      await attack(target, [h2.hello(), ...writes], { end, apart: false });
    }
    await attack(target, writes, { end: 'fin', apart: true });
    await isWell(target);
  });

  test('anything else', async () => {
    const stream = fc.constantFrom(0, 1, 1, 3, 3, 5, 2, 7);
    const piece = fc.oneof(
      { weight: 3, arbitrary: stream.map((id) => call(id)) },
      { weight: 2, arbitrary: stream.map(whole) },
      { weight: 2, arbitrary: stream.map((id) => h2.headers(id, h2.callHeaders(STDIO))) },
      {
        weight: 3,
        arbitrary: fc
          .tuple(stream, fc.nat(request.length), fc.boolean())
          .map(([id, cut, end]) => h2.data(id, request.subarray(0, cut), end ? 1 : 0)),
      },
      { weight: 3, arbitrary: fc.tuple(stream, fc.nat(13)).map(([id, code]) => h2.reset(id, code)) },
      fc.tuple(stream, fc.nat(13)).map(([id, code]) => h2.goAway(id, code)),
      fc
        .record({ type: fc.nat(12), flags: fc.nat(255), stream, payload: fc.uint8Array({ maxLength: 60 }) })
        .map((frame) => h2.frame(frame)),
      fc.uint8Array({ maxLength: 30 }),
    );
    const end = fc.constantFrom(...(Object.keys(endings) as Ending[]));
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), end, fc.boolean(), async (pieces, how, apart) => {
        await attack(target, [h2.hello(), ...pieces], { end: how, apart });
        expect({ exit: target.started.process.exitCode, stderr: target.stderr() }).toEqual({ exit: null, stderr: '' });
      }),
      { numRuns: 400, endOnFailure: true },
    );
    await isWell(target);
  });
});

test('a peer that asks for the end and does not wait for the answer gets the end', async () => {
  const { started } = await victim();
  const exited = once(started.process, 'exit');
  const wire = await open({ started, certificate: undefined });
  const shutdown = h2.headers(1, h2.callHeaders('/plugin.GRPCController/Shutdown'));
  wire.socket.write(Buffer.concat([h2.hello(), shutdown, h2.data(1, message(Buffer.alloc(0)), h2.END_STREAM)]));
  await pause(1);
  wire.tcp.resetAndDestroy();
  expect(await exited).toEqual([0, null]);
});
