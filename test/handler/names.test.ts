import { artifactapi } from '../../src/resources/artifactapi';
import { memoryBackend, startTarget, type Target } from '../../src/testing/target';

let target: Target;
beforeAll(async () => void (target = await startTarget(artifactapi, memoryBackend(artifactapi))));
afterAll(() => target.stop());

const type = 'artifactapi_remote_npm';

it.each(['a+b', 'a@b', 'a~b', '_x', 'x_', 'a:b', 'a$b'])(
  '%s, as live servers have it, is imported, read, changed and removed',
  async (name) => {
    const config = { name, base_url: 'https://npm.example.com' };
    const created = await (await target.core()).ensure(type, config);
    expect(created.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const core = await target.core();
    target.server.calls();
    const { instance } = await core.import(type, name);
    expect(instance?.state).toMatchObject(config);
    expect(target.server.calls()).toEqual(Array(2).fill(`GET /api/v2/remotes/${name}`));
    const changed = await core.ensure(type, { ...config, description: 'two' }, instance);
    expect(changed.instance?.state).toMatchObject({
      ...config,
      description: 'two',
      url: `${target.server.endpoint}/api/v1/remote/${name}`,
    });
    const gone = await core.apply(await core.plan(type, null, changed.instance));
    expect(gone).toMatchObject({ instance: undefined, diagnostics: [] });
  },
);
