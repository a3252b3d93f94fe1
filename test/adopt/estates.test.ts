import fc from 'fast-check';
import { readEstate } from '../../src/adopt/estate';
import { isListable } from '../../src/handler/listing';
import type { ProviderHandler } from '../../src/handler/provider-handler';
import { providers } from '../../src/resources';
import type { ProviderDefinition } from '../../src/schema/define/provider';
import type { ValueRecord } from '../../src/common/value';
import { errors, Subject } from '../../src/testing/subject';
import type { Target } from '../../src/testing/target';
import { validConfigs } from '../../src/testing/valid-configs';
import { contractTargets } from '../support/contract-targets';

/** How many objects of each type are made. */
const EACH = 4;
const everything = { types: [], include: [], exclude: [], readsThatWrite: true };

const cases = providers.flatMap((provider) =>
  contractTargets(provider).map(([name, start]) => ({ title: `${provider.name} on ${name}`, provider, start })),
);

describe.each(cases)('random objects of $title', ({ provider, start }) => {
  let target: Target;
  beforeAll(async () => void (target = await start()));
  afterAll(() => target.stop());

  test('all of those that lists have are found, and their configurations import them with an empty plan', async () => {
    const made = await layRandomly(provider, target);
    const core = await target.core();
    const handler = core.provider as ProviderHandler;
    const { objects, leftOut } = await readEstate({ provider, handler, listing: handler.listing(), progress: () => undefined }, everything);
    const found = objects.map(({ type, id }) => `${type} ${id}`);
    const types = provider.resources.filter((definition) => isListable(definition, true)).map(({ type }) => type);
    const listed = made.filter(([type]) => types.includes(type) && !artifacts.has(type));
    expect(leftOut.filter(({ isObject }) => isObject)).toEqual([]);
    expect(listed.map((one) => one.join(' ')).filter((one) => !found.includes(one))).toEqual([]);
    expect(listed.length).toBeGreaterThan(1);
    expect(new Set(found).size).toBe(found.length);
    for (const { type, id, config } of objects) {
      const imported = await core.import(type, id);
      expect([type, id, errors(imported.diagnostics)]).toEqual([type, id, []]);
      const plan = await core.plan(type, config, imported.instance);
      expect([type, id, plan.action, plan.changes]).toEqual([type, id, 'none', []]);
    }
  }, 300_000);
});

/** What an object has to be so that BK-Repo's lists have it, by its type. */
const listedOnly: Readonly<Record<string, ValueRecord>> = {
  '^bkrepo_[a-z]+_repository$': { display: true, visibility: 'PROJECT' },
  '^bkrepo_role$': { repository: null, admin: false },
  '^bkrepo_repository_access_mode$': { mode: 'STRICT' },
};

/** What deletes of others would lose: it stays where it is. */
const artifacts: ReadonlySet<string> = new Set(['artifactapi_local_file', 'bkrepo_generic_file']);

/** Makes objects of every type; what a server refuses is not made. */
async function layRandomly(provider: ProviderDefinition, target: Target): Promise<[type: string, id: string][]> {
  const made: [string, string][] = [];
  for (const definition of provider.resources) {
    const subject = new Subject(definition, target);
    const configs = fc.sample(validConfigs(subject, await subject.example('full')), { numRuns: EACH, seed: 14 });
    const shown = Object.entries(listedOnly).find(([pattern]) => new RegExp(pattern).test(definition.type))?.[1];
    for (const [index, config] of configs.entries()) {
      const own = { ...subject.renamed(config, `-${index}`), ...shown };
      const { instance } = await (await target.core()).ensure(definition.type, own);
      if (instance) made.push([definition.type, subject.id(own)]);
    }
  }
  return made;
}
