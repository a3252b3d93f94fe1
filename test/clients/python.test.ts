import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addRemote, addVirtual, cleanUp, registry, tempFolder, upstream } from '../registry/helpers';
import { describeClient, type Run } from './support';

afterEach(cleanUp);

const WHEELS = `
import sys, zipfile
for version in ("1.0", "2.0"):
    info = f"agepkg-{version}.dist-info"
    with zipfile.ZipFile(f"{sys.argv[1]}/agepkg-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr("agepkg.py", "")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: agepkg\\nVersion: {version}\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
`;
const TIMES: Readonly<Record<string, string>> = { '1.0': '2023-01-01T00:00:00Z', '2.0': '2026-06-01T00:00:00Z' };

/** An index whose pages are on one host and whose files are on another, in one representation or two. */
async function pythonIndex(python: Run, speaks: 'json' | 'html') {
  const folder = tempFolder();
  await python(['-c', WHEELS, folder]);
  const files = await upstream(
    (request, response) => void response.end(readFileSync(join(folder, String(request.url).replace(/^.*\//, '')))),
  );
  const wheels = readdirSync(folder).map((filename) => {
    const sha256 = createHash('sha256')
      .update(readFileSync(join(folder, filename)))
      .digest('hex');
    return {
      filename,
      url: `${files.url}/packages/${filename}`,
      hashes: { sha256 },
      'upload-time': TIMES[filename.split('-')[1] ?? ''],
      size: 1,
    };
  });
  const pages = await upstream((request, response) => {
    if (request.url !== '/simple/agepkg/') return void response.writeHead(404).end();
    if (speaks === 'json' && request.headers.accept?.includes('json')) {
      response.setHeader('content-type', 'application/vnd.pypi.simple.v1+json');
      return void response.end(JSON.stringify({ meta: { 'api-version': '1.1' }, name: 'agepkg', versions: ['1.0', '2.0'], files: wheels }));
    }
    const links = wheels.map(
      ({ url, filename, hashes }) => `<a data-requires-python="&gt;=3" href="${url}#sha256=${hashes.sha256}">${filename}</a>`,
    );
    response.setHeader('content-type', 'text/html').end(`<!DOCTYPE html><body>${links.join('\n')}</body>`);
  });
  const { url } = await registry();
  await addRemote(url, { name: 'r', package_type: 'pypi', base_url: pages.url, mutable_ttl: 3600 });
  await addVirtual(url, { name: 'v', package_type: 'pypi', members: ['r'] });
  return { files, indexes: [`${url}/api/v1/remote/r/simple`, `${url}/api/v1/virtual/v/simple`] };
}

describeClient('uv', (uv) => {
  describeClient('python3', (python) => {
    test('leaves out what is newer than a date, for JSON with its upload times comes through', async () => {
      const { indexes } = await pythonIndex(python, 'json');
      for (const index of indexes) {
        const target = tempFolder();
        const env = { HOME: tempFolder() };
        await uv(
          ['pip', 'install', '--no-cache', '--target', target, '--default-index', index, '--exclude-newer', '2024-01-01', 'agepkg'],
          { env },
        );
        expect(readdirSync(target)).toContain('agepkg-1.0.dist-info');
      }
    });
  });
});

describeClient('pip', (pip) => {
  describeClient('python3', (python) => {
    test.each(['json', 'html'] as const)('gets files of another host through the registry, once (an upstream of %s)', async (speaks) => {
      const { files, indexes } = await pythonIndex(python, speaks);
      for (const index of indexes) {
        const folder = tempFolder();
        const options = ['--no-cache-dir', '--no-deps', '--disable-pip-version-check', '--isolated', '-d', folder, '-i', index];
        await pip(['download', ...options, 'agepkg'], { env: { HOME: folder } });
        expect(readdirSync(folder)).toContain('agepkg-2.0-py3-none-any.whl');
      }
      expect(files.requests.map((request) => request.url)).toEqual(['/packages/agepkg-2.0-py3-none-any.whl']);
    });
  });
});
