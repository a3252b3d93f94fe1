import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addRemote, addVirtual, call, cleanUp, registry, tempFolder, testSqlite, upstream } from '../helpers';

afterEach(cleanUp);

const pathOf = (data: string, content: string) => {
  const hash = createHash('sha256').update(content).digest('hex');
  return join(data, 'blobs/sha256', hash.slice(0, 2), hash);
};

/** An upstream whose file becomes another one, with other headers. */
async function changing(before: string, after: string) {
  const state = { isChanged: false };
  const server = await upstream((_request, response) => {
    if (state.isChanged) {
      response.setHeader('etag', '"new"').write(after.slice(0, 5));
      setImmediate(() => response.end(after.slice(5)));
      return;
    }
    const headers = { etag: '"old"', 'content-encoding': 'x-foo', 'content-disposition': 'attachment; filename="old"' };
    response.writeHead(200, { ...headers, 'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT' }).end(before);
  });
  return { state, url: server.url };
}

describe('a file whose stored content is not what it was', () => {
  const [before, after] = ['a'.repeat(1000), 'b'.repeat(1000)];

  testSqlite('is fetched again, and nothing is told of the one before', async () => {
    const { state, url: base_url } = await changing(before, after);
    const data = tempFolder();
    const { url } = await registry({ data });
    await addRemote(url, { name: 'a', base_url });
    expect((await call('GET', `${url}/api/v1/remote/a/x`)).header('content-encoding')).toBe('x-foo');
    writeFileSync(pathOf(data, before), 'c'.repeat(1000));
    state.isChanged = true;
    const again = await call('GET', `${url}/api/v1/remote/a/x`, { headers: { range: 'bytes=0-9' } });
    expect([again.status, again.text]).toEqual([200, after]);
    const told = ['etag', 'content-encoding', 'content-disposition', 'last-modified', 'content-range', 'content-length'];
    expect(told.map((name) => again.header(name))).toEqual(['"new"', null, null, null, null, null]);
  });

  testSqlite('is not called stale when it was fetched again after all', async () => {
    let status = 200;
    const files = await upstream((_request, response) => {
      response.writeHead(status).end(status === 200 ? before : '');
      // It fails once.
      status = 200;
    });
    const data = tempFolder();
    const { url } = await registry({ data });
    await addRemote(url, { name: 'a', base_url: files.url, mutable_patterns: ['.*'], mutable_ttl: 0 });
    const get = () => call('GET', `${url}/api/v1/remote/a/x`);
    expect((await get()).text).toBe(before);
    status = 503;
    writeFileSync(pathOf(data, before), 'c'.repeat(1000));
    const again = await get();
    expect([again.status, again.text]).toEqual([200, before]);
    expect(['x-artifact-source', 'warning', 'x-artifact-stale'].map((name) => again.header(name))).toEqual(['remote', null, null]);
  });

  testSqlite('of a member that has it no more leaves nothing on the answer of the next one', async () => {
    const { state, url: base_url } = await changing(before, after);
    const gone = await upstream((_request, response) => {
      if (state.isChanged) response.writeHead(404).end();
      else response.writeHead(307, { location: `${base_url}/x` }).end();
    });
    const other = await upstream((_request, response) => response.setHeader('etag', '"other"').end('other'));
    const data = tempFolder();
    const { url } = await registry({ data });
    await addRemote(url, { name: 'a', base_url: gone.url });
    await addRemote(url, { name: 'b', base_url: other.url });
    await addVirtual(url, { name: 'v', package_type: 'generic', members: ['a', 'b'] });
    expect((await call('GET', `${url}/api/v1/virtual/v/x`)).text).toBe(before);
    writeFileSync(pathOf(data, before), 'c'.repeat(1000));
    state.isChanged = true;
    const answer = await call('GET', `${url}/api/v1/virtual/v/x`);
    expect([answer.status, answer.text]).toEqual([200, 'other']);
    const told = ['etag', 'content-encoding', 'content-disposition', 'last-modified'];
    expect(told.map((name) => answer.header(name))).toEqual(['"other"', null, null, null]);
  });
});

testSqlite('an error does not tell where the content is kept', async () => {
  const data = tempFolder();
  const { url } = await registry({ data });
  await call('POST', `${url}/api/v2/remotes`, { body: { name: 'own', package_type: 'generic', repo_type: 'local' } });
  expect((await call('PUT', `${url}/api/v2/remotes/own/files/x`, { body: 'content' })).status).toBe(201);
  rmSync(pathOf(data, 'content'));
  const answer = await call('GET', `${url}/api/v1/local/own/x`);
  expect(answer.status).toBe(500);
  expect(answer.text).toContain('is missing from the store');
  expect(answer.text).not.toContain(data);
});
