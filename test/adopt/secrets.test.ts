import { readEstate } from '../../src/adopt/estate';
import { References } from '../../src/adopt/references';
import { secretsOf } from '../../src/adopt/secrets';
import type { ProviderHandler } from '../../src/handler/provider-handler';
import { kubesphere } from '../../src/resources/kubesphere';
import { done } from '../../src/testing/subject';
import type { Target } from '../../src/testing/target';
import { registryTarget } from '../support/contract-targets';

let target: Target;
beforeAll(async () => void (target = await registryTarget(kubesphere, true)));
afterAll(() => target.stop());

test('the password of an app repository is a variable: the plan is empty while it is not set, and one update once it is', async () => {
  const core = await target.core();
  const type = 'kubesphere_app_repository';
  const url = 'https://charts.example.com/stable';
  done(await core.ensure(type, { name: 'with', workspace: 'demo', url, username: 'ci', password_wo: 'correct-horse' }));
  done(await core.ensure(type, { name: 'without', workspace: 'demo', url }));
  const handler = core.provider as ProviderHandler;
  const source = { provider: kubesphere, handler, listing: handler.listing(), progress: () => undefined };
  const { objects } = await readEstate(source, { types: [], include: [], exclude: [], readsThatWrite: false });
  const references = new References(objects);
  const slots = objects.map((object) => [object.id, secretsOf(object, references.treeOf(object)).map(({ attribute }) => attribute)]);
  expect(slots).toEqual(
    expect.arrayContaining([
      ['demo/with', ['passwordWo']],
      ['demo/without', []],
    ]),
  );
  const config = objects.find(({ id }) => id === 'demo/with')?.config ?? {};
  const { instance } = await core.import(type, 'demo/with');
  expect((await core.plan(type, config, instance)).action).toBe('none');
  const plan = await core.plan(type, { ...config, password_wo: 'another-horse' }, instance);
  expect([plan.action, plan.changes]).toEqual(['update', expect.arrayContaining(['password_wo_revision'])]);
  const updated = done(await core.apply(plan));
  expect((await core.plan(type, { ...config, password_wo: 'another-horse' }, updated)).action).toBe('none');
});
