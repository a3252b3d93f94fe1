import { type Estate, type FoundObject, isLost, readEstate } from '../../src/adopt/estate';
import type { ProviderHandler } from '../../src/handler/provider-handler';
import { providers } from '../../src/resources';
import { errors } from '../../src/testing/subject';
import type { Target } from '../../src/testing/target';
import { contractTargets } from '../support/contract-targets';
import { layRandomly, type Made } from '../support/random-estate';

const everything = { types: [], include: [], exclude: [], readsThatWrite: true };

const nameOf = ({ type, id }: Made): string => `${type} ${id}`;

/** How many calls lists take, by what there is a list for. */
function listsOf(title: string, objects: readonly FoundObject[]): number {
  const count = (pattern: RegExp): number => objects.filter(({ type }) => pattern.test(type)).length;
  if (title.startsWith('artifactapi')) return 2;
  // The login, the version, the workspaces and the repositories of two; version 3 is asked once more for its version.
  if (title.startsWith('kubesphere')) return title.endsWith(' 3.4') ? 6 : 5;
  // Projects twice, users once; of a project its repositories twice, its roles, and its permissions twice; of a repository its
  // permissions twice and its access mode; of a user the tokens.
  return 3 + 5 * count(/_project$/) + 3 * count(/_(local|remote|virtual|composite|proxy)_repository$/) + count(/_user$/);
}

const cases = providers.flatMap((provider) =>
  contractTargets(provider).map(([name, start]) => ({ title: `${provider.name} on ${name}`, start })),
);

describe.each(cases)('300 random objects of $title', ({ start, title }) => {
  let target: Target;
  let made: readonly Made[];
  beforeAll(async () => {
    target = await start();
    made = await layRandomly(target, 300);
  }, 300_000);
  afterAll(() => target.stop());

  test('are found with the calls that lists take, and their configurations import them with an empty plan', async () => {
    const core = await target.core();
    const handler = core.provider as ProviderHandler;
    const read = (): Promise<Estate> => {
      target.server.calls();
      return readEstate({ provider: target.provider, handler, listing: handler.listing(), progress: () => undefined }, everything);
    };
    const missing = ({ objects }: Estate): readonly string[] => {
      const found = new Set(objects.map(nameOf));
      return made.map(nameOf).filter((one) => !found.has(one));
    };
    let estate = await read();
    // KubeSphere lists some objects only a moment after they were made.
    for (const end = Date.now() + 10_000; missing(estate).length > 0 && Date.now() < end;) estate = await read();
    const { objects, leftOut, readSingly } = estate;
    const found = objects.map(nameOf);
    expect(leftOut.filter(isLost)).toEqual([]);
    expect(missing(estate)).toEqual([]);
    expect(made.length).toBeGreaterThan(250);
    expect(new Set(found).size).toBe(found.length);
    const calls = target.server.calls();
    expect([target.provider.name, calls.length]).toEqual([target.provider.name, listsOf(title, objects)]);
    expect(readSingly).toEqual([]);
    const checks = objects.map(({ type, id, config }) => async () => {
      const imported = await core.import(type, id);
      const plan = await core.plan(type, config, imported.instance);
      const problems = errors([...imported.diagnostics, ...plan.diagnostics]);
      return plan.action === 'none' && problems.length === 0 ? [] : [{ type, id, action: plan.action, changes: plan.changes, problems }];
    });
    const wrong = [];
    for (let at = 0; at < checks.length; at += 10)
      wrong.push(...(await Promise.all(checks.slice(at, at + 10).map((check) => check()))).flat());
    expect(wrong).toEqual([]);
  }, 300_000);
});
