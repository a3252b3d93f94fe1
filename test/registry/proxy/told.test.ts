import { createHash } from 'node:crypto';
import { addRemote, call, cleanUp, registry, upstream } from '../helpers';

afterEach(cleanUp);

const FILE = 'pk-1.0-py3-none-any.whl';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** An index that gives its one file by an address on another host, which only the signature of the moment opens. */
async function signedIndex(fields: object = {}) {
  const state = { signature: 1, content: 'wheel', hash: sha256('wheel') };
  const cdn = await upstream((request, response) => {
    const isOpen = String(request.url) === `/x/${FILE}?sig=${state.signature}`;
    response.writeHead(isOpen ? 200 : 403).end(isOpen ? state.content : 'expired');
  });
  const index = await upstream((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<a href="${cdn.url}/x/${FILE}?sig=${state.signature}#sha256=${state.hash}">${FILE}</a>`);
  });
  const { url } = await registry();
  await addRemote(url, { name: 'r', package_type: 'pypi', base_url: index.url, mutable_ttl: 3600, ...fields });
  const get = (path: string) => call('GET', `${url}/api/v1/remote/r/simple/pk/${path}`);
  return { state, cdn, index, get };
}

test('a file on another host comes once, whatever its address is by then', async () => {
  const { state, cdn, index, get } = await signedIndex();
  expect([(await get(FILE)).text, (await get(FILE)).text]).toEqual(['wheel', 'wheel']);
  state.signature = 2;
  expect([(await get(FILE)).text, cdn.requests.length, index.requests.length]).toEqual(['wheel', 1, 1]);
});

test('an address that has expired is asked for anew', async () => {
  const { state, cdn, index, get } = await signedIndex();
  await get('');
  state.signature = 2;
  expect((await get(FILE)).text).toBe('wheel');
  expect([cdn.requests.length, index.requests.length]).toEqual([2, 2]);
});

test('a refusal that a new address does not help is told as it is', async () => {
  const { state, cdn, get } = await signedIndex();
  state.signature = 0;
  await get('');
  state.signature = NaN;
  cdn.server.removeAllListeners('request').on('request', (_request, response) => void response.writeHead(403).end());
  expect((await get(FILE)).status).toBe(403);
});

test('lists and the index decide which files of another host there are', async () => {
  const { cdn, get } = await signedIndex({ blocklist: ['pk-1\\.0'] });
  expect((await get(FILE)).status).toBe(403);
  const open = await signedIndex();
  expect((await open.get('pk-2.0-py3-none-any.whl')).status).toBe(404);
  expect([cdn.requests.length, open.cdn.requests.length]).toEqual([0, 0]);
});

test('a file that is not what the index says is neither kept nor served as a whole', async () => {
  const { state, get } = await signedIndex();
  state.content = 'tampered with';
  const answer = await get(FILE).catch(() => undefined);
  expect(answer?.status ?? 'broken off').not.toBe(200);
  state.content = 'wheel';
  expect((await get(FILE)).text).toBe('wheel');
});

test('a file that was published anew on another host comes after the index was asked for once more', async () => {
  const { state, cdn, index, get } = await signedIndex();
  await get('');
  Object.assign(state, { content: 'another wheel', hash: sha256('another wheel') });
  expect((await get(FILE)).text).toBe('another wheel');
  expect([cdn.requests.length, index.requests.length]).toEqual([1, 2]);
});
