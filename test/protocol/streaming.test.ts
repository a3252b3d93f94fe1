import type { AddressInfo } from 'node:net';
import type { ClientHttp2Session, Http2Server } from 'node:http2';
import { createMemoryProvider } from './fixture/memory-provider';
import { createGrpcServer } from '../../src/protocol/grpc/server';
import { createLogger } from '../../src/protocol/log';
import { Provider as Methods } from '../../src/protocol/gen/services';
import { type Caller, streaming } from '../../src/protocol/rpc/method';
import type { InvokeActionEvent } from '../../src/protocol/gen/messages';
import { BadValue, WireError } from '../../src/protocol/wire/error';
import { typedStream } from '../../src/testing/in-process';
import { connectPlugin, streamRaw } from '../support/plugin-client';

type Handle = (caller: Caller<InvokeActionEvent>) => Promise<void>;

let handle: Handle;
let server: Http2Server;
let session: ClientHttp2Session;
const context = { provider: createMemoryProvider(), log: createLogger({}, () => {}) };
const { path, request, response } = Methods.InvokeAction;
const method = streaming({
  path,
  request,
  response,
  handle: (_context, _request, caller) => handle(caller),
  failed: (diagnostic) => ({ completed: { diagnostics: [diagnostic] } }),
});

beforeAll(async () => {
  server = createGrpcServer((_path, message) => method.answer(context, message));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  session = await connectPlugin({ port: (server.address() as AddressInfo).port });
});

afterAll(() => {
  session.destroy();
  server.close();
});

const stream: ReturnType<typeof typedStream> = (...args) => typedStream(streamRaw(session))(...args);
const call = (listener?: Parameters<typeof stream>[2]): Promise<InvokeActionEvent[]> =>
  stream('InvokeAction', {}, listener as never) as Promise<InvokeActionEvent[]>;

test('responses arrive as they are sent, not when the stream ends', async () => {
  let goOn = (): void => {};
  const seen = new Promise<void>((resolve) => (goOn = resolve));
  handle = async ({ send }) => {
    await send({ progress: { message: 'first' } });
    await seen;
    await send({ completed: {} });
  };
  const events = await call({ onEvent: goOn });
  expect(events).toEqual([
    { progress: { message: 'first' }, completed: undefined },
    { progress: undefined, completed: { diagnostics: [] } },
  ]);
});

test('a caller that cancels is noticed, and what is sent afterwards is dropped', async () => {
  const cancel = new AbortController();
  const noticed = new Promise<void>((resolve, reject) => {
    handle = async ({ send, signal }) => {
      await send({ progress: { message: 'begun' } });
      await new Promise((aborted) => signal.addEventListener('abort', aborted));
      await send({ progress: { message: 'too late' } }).then(resolve, reject);
    };
  });
  const events = await call({ onEvent: () => cancel.abort(), signal: cancel.signal });
  await noticed;
  expect(events).toHaveLength(1);
});

test('who sends faster than the caller reads is held up', async () => {
  const text = 'x'.repeat(1024 * 1024);
  let ahead = 0;
  handle = async ({ send }) => {
    for (let sent = 1; sent <= 48; sent += 1) {
      const held = send({ progress: { message: text } });
      ahead = Math.max(ahead, await Promise.race([held.then(() => 0), new Promise<number>((late) => setImmediate(() => late(1)))]));
      await held;
    }
  };
  expect(await call()).toHaveLength(48);
  expect(ahead).toBe(1);
});

test('an exception is the last response, a bad value with its place', async () => {
  handle = async ({ send }) => {
    await send({ progress: { message: 'begun' } });
    throw new Error('secret of the implementation');
  };
  const [begun, failed] = await call();
  expect(begun?.progress?.message).toBe('begun');
  expect(failed?.completed?.diagnostics[0]).toMatchObject({ severity: 1, summary: 'Internal Error' });
  expect(JSON.stringify(failed)).not.toContain('secret of the implementation');
  handle = () => {
    const bad = new BadValue('is not UTF-8');
    bad.path.push('path');
    throw bad;
  };
  const [refused] = await call();
  expect(refused?.completed?.diagnostics[0]).toMatchObject({ summary: 'Invalid Attribute Value', detail: '"path": is not UTF-8.' });
});

test('what core never sends ends the call with a status', async () => {
  handle = () => Promise.reject(new WireError('the value ends too early'));
  await expect(call()).rejects.toMatchObject({ code: 3, message: 'the value ends too early' });
});
