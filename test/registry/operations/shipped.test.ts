import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { BuiltCommand } from '../../cli/command';
import { addRemote, addVirtual, call, cleanUp, tempFolder, upstream } from '../helpers';

let command: BuiltCommand;
beforeAll(() => (command = new BuiltCommand()));
afterAll(() => command.remove());
afterEach(cleanUp);

/** What the tool of that name makes of an empty index of rpm packages. */
const PRIMARY_XZ = Buffer.from('/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQALPG1ldGFkYXRhLz4KAMpqcJHeqgVeAAEkDKYY2NgftvN9AQAAAAAEWVo=', 'base64');

test('libraries that are loaded when they are needed work as they are shipped: logs, metrics, xz', async () => {
  const log = join(tempFolder(), 'access.log');
  const options = ['--port', '0', '--data', tempFolder(), '--access-log', log, '--log-format', 'json'];
  const running = command.start(['registry', ...options]);
  const url = await running.line(/"artifactapi":"(http:[^"]+)"/, 'stderr');
  const files = new Map<string, string | Buffer>([
    ['primary', PRIMARY_XZ],
    ['filelists', '<filelists/>'],
    ['other', '<otherdata/>'],
  ]);
  const data = [...files].map(([name, content]) => {
    const hash = createHash('sha256').update(content).digest('hex');
    return `<data type="${name}"><checksum type="sha256">${hash}</checksum><location href="repodata/${name}"/></data>`;
  });
  const repomd = `<repomd xmlns="http://linux.duke.edu/metadata/repo"><revision>1</revision>${data.join('')}</repomd>`;
  const { url: base_url } = await upstream((request, response) => void response.end(files.get(basename(request.url ?? '')) ?? repomd));
  await addRemote(url, { name: 'r', package_type: 'rpm', base_url });
  await addVirtual(url, { name: 'v', package_type: 'rpm', members: ['r'] });
  expect((await call('GET', `${url}/api/v1/virtual/v/repodata/repomd.xml`)).text).toContain('<data type="primary">');
  expect((await call('GET', `${url}/metrics`)).text).toContain('repoform_http_requests_total{');
  running.signal('SIGTERM');
  expect((await running.ended).code).toBe(0);
  expect(readFileSync(log, 'utf8')).toContain('"url":"/api/v1/virtual/v/repodata/repomd.xml","http_version":"1.1","status":200');
});
