import type { ProviderDefinition } from '../../schema/define/provider';
import type { Applied, Core, Instance } from '../core';
import { holdUnchanged } from '../failures';
import { done, errors, freshPlan, Subject } from '../subject';
import type { Target } from '../target';

const refused = ['Provider Only Reads'];
const summaries = ({ diagnostics }: Applied): string[] => errors(diagnostics).map(({ summary }) => summary);

/** Tests that a provider with `read_only = true` refreshes, imports and plans everything, and changes nothing. */
export function readOnlyTests(provider: ProviderDefinition, start: () => Promise<Target>): void {
  let target: Target;
  let reader: Core;
  beforeAll(async () => {
    target = await start();
    reader = await target.core({ read_only: true });
  });
  afterAll(() => target.stop());

  it.each(provider.resources.map((definition) => [definition.type, definition] as const))(
    '%s is refreshed, imported and planned, but not created, updated or deleted, by a provider that only reads',
    async (type, definition) => {
      const subject = new Subject(definition, target);
      const config = await subject.example('full', '-read');
      const made = done(await (await target.core()).ensure(type, config));
      holdUnchanged({ subject, step: 'plan of a provider that only reads' }, await freshPlan(reader, config, made));
      expect(done(await reader.import(type, subject.id(config))).identity).toEqual(made.identity);

      const absent = await subject.example('minimal', '-unmade');
      const created = await reader.ensure(type, absent);
      expect([summaries(created), created.instance]).toEqual([refused, undefined]);

      const [changed] = subject.readable().filter(({ facts }) => !facts.forceNew);
      if (changed) {
        const [one, other] = subject.pair(config, changed);
        const before = done(await (await target.core()).ensure(type, one, made));
        expect(await attempt(reader, before, other)).toEqual([refused, before.state]);
        await holdUntouched(subject, one, before);
      }
      const last = done(await (await target.core()).import(type, subject.id(config)));
      const deleted = await attempt(reader, last, null);
      expect(deleted).toEqual(definition.undeletable ? expect.anything() : [refused, last.state]);
      expect(errors((await (await target.core()).refresh(last)).diagnostics)).toEqual([]);
      expect((await (await target.core()).refresh(last)).instance).toBeDefined();
      if (!definition.binding.alwaysExists) expect((await (await target.core()).import(type, subject.id(absent))).instance).toBeUndefined();
    },
  );
}

/** Applies a change; its errors, and the state after it. */
async function attempt(core: Core, instance: Instance, config: Parameters<Core['plan']>[1]): Promise<unknown> {
  const applied = await core.apply(await core.plan(instance.type, config, instance));
  return [summaries(applied), applied.instance?.state];
}

async function holdUntouched(subject: Subject, config: Parameters<typeof freshPlan>[1], made: Instance): Promise<void> {
  holdUnchanged({ subject, step: 'plan after a refused update' }, await freshPlan(await subject.target.core(), config, made));
}
