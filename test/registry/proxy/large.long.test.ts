import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage, type ServerResponse } from 'node:http';
import { addRemote, call, cleanUp, registry, upstream } from '../helpers';

afterEach(cleanUp);

/** More than 31 bits count where time does not matter. */
const SIZE = process.env['LONG'] ? 2 ** 31 + 2 ** 20 : 2 ** 26;
const PIECE = 1 << 20;

/** Each piece begins with its number, so that none can stand for another. */
function pieceOf(index: number): Buffer {
  const piece = Buffer.alloc(PIECE, 'x');
  piece.writeUInt32BE(index);
  return piece;
}

async function sendAll(response: ServerResponse): Promise<void> {
  response.setHeader('content-length', SIZE);
  for (let index = 0; index < SIZE / PIECE; index++) if (!response.write(pieceOf(index))) await once(response, 'drain');
  response.end();
}

async function hashOf(url: string): Promise<{ size: number; sha256: string }> {
  const [answer] = (await once(get(url), 'response')) as [IncomingMessage];
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of answer) {
    hash.update(chunk as Buffer);
    size += (chunk as Buffer).length;
  }
  return { size, sha256: hash.digest('hex') };
}

test('a large file comes whole while it is cached and from the cache, and its end by itself', async () => {
  const files = await upstream((_request, response) => void sendAll(response));
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: files.url });
  const target = `${url}/api/v1/remote/a/x`;
  const expected = createHash('sha256');
  for (let index = 0; index < SIZE / PIECE; index++) expected.update(pieceOf(index));
  const whole = { size: SIZE, sha256: expected.digest('hex') };
  expect(await hashOf(target)).toEqual(whole);
  expect(await hashOf(target)).toEqual(whole);
  const last = await call('GET', target, { headers: { range: 'bytes=-1048576' } });
  expect([last.status, last.header('content-range')]).toEqual([206, `bytes ${SIZE - PIECE}-${SIZE - 1}/${SIZE}`]);
  expect(Buffer.from(last.text.slice(0, 4), 'latin1').readUInt32BE()).toBe(SIZE / PIECE - 1);
  expect(files.requests).toHaveLength(1);
}, 600_000);
