import { addRemote, call, cleanUp, registry, upstream } from '../helpers';

afterEach(cleanUp);

const DATE = 'Mon, 01 Jan 2024 00:00:00 GMT';
const EARLIER = 'Sun, 31 Dec 2023 00:00:00 GMT';
const LATER = 'Tue, 02 Jan 2024 00:00:00 GMT';

/** The statuses are those of RFC 9110, 13.2.2 and 14.2. */
test.each([
  ['"a,b"', { 'if-none-match': '"a,b"' }, 304],
  ['"a,b"', { 'if-none-match': '"x", W/"a,b"' }, 304],
  ['"a,b"', { 'if-none-match': '"a", "b"' }, 200],
  ['"a"', { 'if-none-match': '*' }, 304],
  ['"a"', { 'if-none-match': '"x"', 'if-modified-since': DATE }, 200],
  ['"a"', { 'if-modified-since': DATE }, 304],
  ['"a"', { 'if-modified-since': EARLIER }, 200],
  ['"a"', { 'if-match': '"a"' }, 200],
  ['"a"', { 'if-match': '"x", "a"', range: 'bytes=0-1' }, 206],
  ['"a"', { 'if-match': '*' }, 200],
  ['"a"', { 'if-match': '"x"' }, 412],
  ['"a"', { 'if-match': '"x"', 'if-none-match': '"a"' }, 412],
  ['"a"', { 'if-match': '"a"', 'if-unmodified-since': EARLIER }, 200],
  ['"a"', { 'if-unmodified-since': DATE }, 200],
  ['"a"', { 'if-unmodified-since': LATER }, 200],
  ['"a"', { 'if-unmodified-since': EARLIER }, 412],
  ['"a"', { 'if-unmodified-since': 'nonsense' }, 200],
  ['"a"', { 'if-range': '"a"', range: 'bytes=0-1' }, 206],
  ['"a"', { 'if-range': '"x"', range: 'bytes=0-1' }, 200],
  ['W/"a"', { 'if-none-match': '"a"' }, 304],
  ['W/"a"', { 'if-none-match': 'W/"a"' }, 304],
  ['W/"a"', { 'if-match': 'W/"a"' }, 412],
  ['W/"a"', { 'if-range': 'W/"a"', range: 'bytes=0-1' }, 200],
  ['W/"a"', { range: 'bytes=0-1' }, 206],
])('the file with the tag %s, asked for with %j, is answered with %d', async (etag, headers, status) => {
  const files = await upstream((_request, response) => response.setHeader('etag', etag).setHeader('last-modified', DATE).end('content'));
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: files.url });
  const first = await call('GET', `${url}/api/v1/remote/a/x`);
  expect([first.status, first.header('etag')]).toEqual([200, etag]);
  const answer = await call('GET', `${url}/api/v1/remote/a/x`, { headers });
  expect(answer.status).toBe(status);
  if (status !== 412) expect(answer.header('etag')).toBe(etag);
  const text = { 200: 'content', 206: 'co', 304: '' }[status];
  if (text !== undefined) expect(answer.text).toBe(text);
});

test('HEAD tells the same tag as the download that is running, and as the file has after it', async () => {
  let end = () => undefined as unknown;
  const files = await upstream((_request, response) => {
    response.write('begin');
    end = () => response.end('end');
  });
  const { url } = await registry();
  await addRemote(url, { name: 'a', base_url: files.url });
  const answer = await fetch(`${url}/api/v1/remote/a/x`);
  const during = await call('HEAD', `${url}/api/v1/remote/a/x`);
  end();
  expect(await answer.text()).toBe('beginend');
  const after = await call('HEAD', `${url}/api/v1/remote/a/x`);
  expect([during.header('etag'), after.header('etag')]).toEqual([answer.headers.get('etag'), answer.headers.get('etag')]);
});
