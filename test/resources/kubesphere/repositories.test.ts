import type { ValueRecord } from '../../../src/common/value';
import { TYPE, Stand } from './stand';

describe.each(['3.4', '4.1', '4.1.2'] as const)('on KubeSphere %s', (version) => {
  let stand: Stand;
  const isOld = version === '3.4';
  beforeAll(async () => void (stand = await Stand.start({ version })));
  afterAll(() => stand.stop());

  it('a repository is made, read, changed, imported and deleted', async () => {
    const config = { name: 'life', sync_period: '1h', description: 'first', wait_for_sync: true };
    const made = await stand.made(config);
    expect(made.state).toMatchObject({
      id: isOld ? expect.stringMatching(/^repo-/) : 'life',
      workspace: 'demo',
      status: 'successful',
      creator: isOld ? 'admin' : null,
    });
    const again = await (await stand.core()).refresh(made);
    expect(again.drift).toEqual([]);
    const changed = await stand.made({ ...config, sync_period: '7200', description: 'second' }, made);
    expect(changed.state).toMatchObject({ sync_period: '7200', description: 'second' });
    const core = await stand.core();
    const imported = await core.import(TYPE, 'demo/life');
    expect(imported.instance?.state).toMatchObject({ name: 'life', workspace: 'demo', sync_period: '2h', url: stand.url() });
    const byId = await core.import(TYPE, isOld ? String((made.state as ValueRecord)['id']) : 'life');
    expect(byId.instance?.state).toEqual(imported.instance?.state);
    const gone = await core.apply(await core.plan(TYPE, null, changed));
    expect(gone).toEqual({ instance: undefined, diagnostics: [] });
    expect((await core.refresh(changed)).instance).toBeUndefined();
  });
});
