import fc from 'fast-check';
import type { ValueRecord } from '../../common/value';
import type { ProviderDefinition } from '../../schema/define/provider';
import { type FreshPlan, holdImported, holdSettled } from '../failures';
import { done, errors, freshPlan, Subject } from '../subject';
import type { Target } from '../target';
import { validConfigs } from '../valid-configs';

/** How to get a server, and how many configurations there are in all; each type gets its share. */
export interface Generated {
  start(): Promise<Target>;
  readonly total: number;
}

/** A plan without what may differ between two reads of an unchanged object. */
const comparable = (subject: Subject, { prior, before, planned, drift, ...plan }: FreshPlan): object => ({
  ...plan,
  private: null,
  prior: prior && { ...prior, state: subject.steady(prior.state) },
  before: subject.steady(before),
  planned: subject.steady(planned),
  drift: drift.filter((name) => !subject.unsteady().includes(name)),
});

/** Tests generated configurations of every resource. */
export function generatedTests(provider: ProviderDefinition, { start, total }: Generated): void {
  const share = Math.ceil(total / provider.resources.length);
  let target: Target;
  let count = 0;
  beforeAll(async () => void (target = await start()));
  afterAll(() => target.stop());

  it.each(provider.resources.map((definition) => [definition.type, definition] as const))(
    'any valid configuration of %s is applied, read and imported with an empty plan after each, with lists and without',
    async (type, definition) => {
      const subject = new Subject(definition, target);
      const example = await subject.example('full');
      await fc.assert(
        fc.asyncProperty(validConfigs(subject, example), async (config) => {
          count += 1;
          await check(subject, subject.renamed(config, `-${count}`));
        }),
        { numRuns: share, endOnFailure: false },
      );
    },
    60_000 + 60 * total,
  );

  async function check(subject: Subject, config: ValueRecord): Promise<void> {
    const { type } = subject;
    const core = await target.core();
    const made = done(await core.ensure(type, config));
    // One provider reads each object by itself, the other has read before and answers from a list.
    const [single, listed] = [await target.core({ list_max_age: 0 }), await target.core()];
    await listed.refresh(made);
    const [one, other] = [await freshPlan(single, config, made), await freshPlan(listed, config, made)];
    holdSettled({ subject, step: 'read and plan after create' }, one);
    expect(comparable(subject, other)).toEqual(comparable(subject, one));
    const imported = done(await single.import(type, subject.id(config)));
    const next = await freshPlan(single, config, imported);
    holdImported({ subject, step: 'import', except: subject.untold() }, next);
    const updated = done(await single.apply(next));
    holdSettled({ subject, step: 'read and plan after import and update' }, { ...(await freshPlan(single, config, updated)), told: [] });
    const gone = await single.apply(await single.plan(type, null, updated));
    expect([errors(gone.diagnostics), gone.instance]).toEqual([[], undefined]);
  }
}
