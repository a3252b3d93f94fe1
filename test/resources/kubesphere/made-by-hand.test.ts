import type { ProviderHandler } from '../../../src/handler/provider-handler';
import { done, freshPlan } from '../../../src/testing/subject';
import { V3, V4 } from '../../support/kubesphere';
import { said, Stand, TYPE } from './stand';

/** Repositories that somebody made by other means, with what the resource would not make. */
let stand: Stand;
beforeAll(async () => void (stand = await Stand.start({ version: '4.1' })));
afterAll(() => stand.stop());

async function byHand(name: string, labels: Record<string, string>): Promise<void> {
  const body = { metadata: { name, labels }, spec: { url: stand.url(), syncPeriod: 0 } };
  await stand.ks.done('POST', `${V4}/workspaces/demo/repos`, { body });
}

it.each(['1.charts', 'a'.repeat(55)])('%s is imported and managed, but not made', async (name) => {
  await byHand(name, { 'kubesphere.io/workspace': 'demo' });
  const config = { name, workspace: 'demo', url: stand.url(), description: 'ours' };
  const { instance } = await (await stand.core()).import(TYPE, name);
  const changed = done(await stand.ensure(config, instance));
  expect(changed.state).toMatchObject({ name, description: 'ours' });
  expect((await freshPlan(await stand.core(), config, changed)).action).toBe('none');
  const core = await stand.core();
  expect(await core.apply(await core.plan(TYPE, null, changed))).toEqual({ instance: undefined, diagnostics: [] });
  const anew = await stand.ensure(config);
  expect([anew.instance, anew.diagnostics]).toMatchObject([undefined, [{ severity: 'error', path: 'name' }]]);
});

it('one without a label cannot be imported, and the import says why', async () => {
  await byHand('unlabelled', {});
  const { instance, diagnostics } = await (await stand.core()).import(TYPE, 'unlabelled');
  expect([instance, said(diagnostics)]).toEqual([
    undefined,
    [expect.stringMatching(/^workspace: .*"unlabelled" has no label "kubesphere\.io\/workspace".*set the label, then import it/)],
  ]);
});

it('one of version 3 that is in no workspace is listed, imported and changed there', async () => {
  const old = await Stand.start({ version: '3.4' });
  try {
    await old.ks.done('POST', `${V3}/repos`, { body: { name: 'everywhere', url: old.url(), credential: '{}' } });
    const core = await old.core();
    const listed = await (core.provider as ProviderHandler).listing().objects(TYPE);
    expect(listed.map(({ id }) => id)).toEqual(['/everywhere']);
    const instance = done(await core.import(TYPE, '/everywhere'));
    const config = { name: 'everywhere', workspace: '', url: old.url() };
    expect((await freshPlan(core, config, instance)).action).toBe('none');
    const changed = done(await old.ensure({ ...config, description: 'ours' }, instance));
    expect(changed.state).toMatchObject({ workspace: '', description: 'ours' });
    const { diagnostics } = await core.import(TYPE, 'demo/');
    expect(said(diagnostics)).toEqual([expect.stringContaining('its format is <workspace>/<name>')]);
  } finally {
    await old.stop();
  }
});
