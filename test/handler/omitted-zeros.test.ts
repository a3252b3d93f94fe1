import { artifactapi } from '../../src/resources/artifactapi';
import { done } from '../../src/testing/subject';
import { memoryBackend, startTarget } from '../../src/testing/target';

it.each([0, undefined])('an import from a server that leaves out zeros plans nothing for mutable_ttl = %s', async (ttl) => {
  const target = await startTarget(artifactapi, memoryBackend(artifactapi));
  try {
    const type = 'artifactapi_remote_npm';
    const config = { name: 'npm', base_url: 'https://npm.example.com', ...(ttl !== undefined && { mutable_ttl: ttl }) };
    const lean = { name: 'npm', base_url: 'https://npm.example.com', package_type: 'npm', repo_type: 'remote' };
    await target.outside('POST', '/api/v2/remotes', lean);
    const imported = done(await (await target.core()).import(type, 'npm'));
    const read = await (await target.core()).refresh(imported);
    expect(read.drift).toEqual([]);
    expect(await (await target.core()).plan(type, config, imported)).toMatchObject({ action: 'none', changes: [] });
  } finally {
    await target.stop();
  }
});
