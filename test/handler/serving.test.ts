import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ValueRecord } from '../../src/common/value';
import { startRegistry } from '../../src/registry/server';
import { artifactapi } from '../../src/resources/artifactapi';
import { providerCore } from '../../src/testing/target';

type Row = readonly [type: string, config: ValueRecord, strict: boolean, expected: readonly string[]];

const virtual = (packageType: string): ValueRecord => ({ name: 'all', package_type: packageType, members: [] });
const mergesOthers =
  'ArtifactAPI is not known to merge npm repositories; it does for helm, pypi: clients of "all" may find nothing. They can use a remote directly. Try it on your server, or on "npx repoform registry --strict", which serves only what ArtifactAPI is known to serve.';
const noIndex =
  'ArtifactAPI is not known to make an index for local helm repositories: files in "own" can be uploaded and downloaded by their paths, but helm clients may find no packages in it. Try it on your server, or on "npx repoform registry --strict", which serves only what ArtifactAPI is known to serve.';

const rows: readonly Row[] = [
  ['artifactapi_virtual', virtual('npm'), true, [mergesOthers]],
  ['artifactapi_virtual', virtual('npm'), false, []],
  ['artifactapi_virtual', virtual('helm'), true, []],
  ['artifactapi_local_helm', { name: 'own' }, true, [noIndex]],
  ['artifactapi_local_helm', { name: 'own' }, false, []],
  ['artifactapi_local_rpm', { name: 'own' }, true, []],
  ['artifactapi_remote_npm', { name: 'npm', base_url: 'https://npm.example.com' }, true, []],
];

test.each(rows)('the plan of %s %j on a registry (strict: %s) warns of what it may not serve', async (...row) => {
  const [type, config, strict, expected] = row;
  const data = mkdtempSync(join(tmpdir(), 'repoform-serving-'));
  const registry = await startRegistry({ data, port: 0, strict, closeGraceMs: 0 });
  try {
    const { core } = providerCore(artifactapi);
    await core.configure({ endpoint: registry.url });
    const first = await core.plan(type, config);
    expect(first.diagnostics.map(({ summary, detail }) => `${summary}: ${detail}`)).toEqual(
      expected.map((detail) => `${type === 'artifactapi_virtual' ? 'Virtual' : 'Local'} May Not Be Served: ${detail}`),
    );
    // Once a run is enough.
    expect((await core.plan(type, { ...config, name: 'another' })).diagnostics).toEqual([]);
  } finally {
    await registry.close();
    rmSync(data, { recursive: true, force: true });
  }
});
