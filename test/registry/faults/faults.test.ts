import { addRemote, call, cleanUp, registry } from '../helpers';

afterEach(cleanUp);

const BASE = { name: 'a', package_type: 'generic', base_url: 'http://example.com' };

test('a status fault answers in place of the route, as often as it says', async () => {
  const { url } = await registry({
    faults: [{ method: 'GET', path: '/api/v2/remotes', status: 503, count: 2, headers: { 'retry-after': '1' } }],
  });
  const first = await call('GET', `${url}/api/v2/remotes`);
  expect([first.status, first.text, first.header('retry-after')]).toEqual([503, 'fault on demand: 503\n', '1']);
  expect((await call('GET', `${url}/api/v2/remotes/x`)).status).toBe(503);
  expect((await call('GET', `${url}/api/v2/remotes`)).status).toBe(200);
});

test('a lost answer does the write and then drops the connection', async () => {
  const { url } = await registry({ faults: true });
  const set = await call('POST', `${url}/__faults`, { body: { method: 'POST', path: '/api/v2/remotes', loseAnswer: true, count: 1 } });
  expect([set.status, set.json]).toEqual([201, [{ method: 'POST', path: '/api/v2/remotes', loseAnswer: true, count: 1 }]]);
  await expect(call('POST', `${url}/api/v2/remotes`, { body: BASE })).rejects.toThrow('fetch failed');
  expect((await call('GET', `${url}/api/v2/remotes/a`)).status).toBe(200);
  expect((await call('GET', `${url}/__faults`)).json).toEqual([]);
});

test('a lost answer to a delete has deleted', async () => {
  const { url } = await registry({ faults: [{ method: 'DELETE', loseAnswer: true, count: 1 }] });
  await addRemote(url, BASE);
  await expect(call('DELETE', `${url}/api/v2/remotes/a`)).rejects.toThrow('fetch failed');
  expect((await call('GET', `${url}/api/v2/remotes/a`)).status).toBe(404);
});

test('a reset comes before the write', async () => {
  const { url } = await registry({ faults: [{ method: 'POST', reset: true, count: 1 }] });
  await expect(call('POST', `${url}/api/v2/remotes`, { body: BASE })).rejects.toThrow('fetch failed');
  expect((await call('GET', `${url}/api/v2/remotes/a`)).status).toBe(404);
});

test('a truncated answer breaks in its middle, for generated and for stored bodies', async () => {
  const { url } = await registry({ faults: true });
  await addRemote(url, BASE);
  await addRemote(url, { name: 'l', repo_type: 'local' });
  await call('PUT', `${url}/api/v2/remotes/l/files/x`, { body: '0123456789' });
  await call('POST', `${url}/__faults`, { body: { method: 'GET', truncate: true } });
  for (const path of ['/api/v2/remotes/a', '/api/v1/local/l/x']) {
    const response = await fetch(url + path);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(1);
    await expect(response.text()).rejects.toThrow('terminated');
  }
});

test('a body can be replaced, and a latency delays nothing but its own path', async () => {
  const { url } = await registry({
    faults: [
      { path: '/api/*/remotes', body: '<html>' },
      { path: '/health', latencyMs: 10, count: 1 },
    ],
  });
  expect((await call('GET', `${url}/api/v2/remotes`)).text).toBe('<html>');
  expect((await call('GET', `${url}/api/v2/remotes/x`)).text).toBe('remote "x" not found\n');
  expect((await call('GET', `${url}/health`)).status).toBe(200);
});

test('requests are counted by method and route', async () => {
  const { url } = await registry({ faults: true });
  await call('GET', `${url}/api/v2/remotes/a`);
  await call('GET', `${url}/api/v2/remotes/b`);
  await call('POST', `${url}/api/v2/remotes`, { body: BASE });
  expect((await call('GET', `${url}/__requests`)).json).toEqual({ 'GET /api/v2/remotes/:name': 2, 'POST /api/v2/remotes': 1 });
  await call('DELETE', `${url}/__requests`);
  expect((await call('GET', `${url}/__requests`)).json).toEqual({});
});

test('a wrong fault is a 400, faults are cleared, and without the option there are none', async () => {
  const { url } = await registry({ faults: [{ path: '/health', status: 500 }] });
  const wrong = await call('POST', `${url}/__faults`, { body: { delay: 1 } });
  expect(wrong.status).toBe(400);
  expect((await call('DELETE', `${url}/__faults`)).status).toBe(204);
  expect((await call('GET', `${url}/health`)).status).toBe(200);
  const plain = await registry();
  expect((await call('POST', `${plain.url}/__faults`, { body: {} })).status).toBe(404);
});
