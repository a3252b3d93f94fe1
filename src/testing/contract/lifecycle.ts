import { isRecord, UNKNOWN, type ValueRecord } from '../../common/value';
import type { ProviderDefinition } from '../../schema/define/provider';
import type { Instance } from '../core';
import { hold, holdChange, holdImported, holdSame, holdSettled, holdUnchanged } from '../failures';
import { done, errors, freshPlan, Subject } from '../subject';
import type { Target } from '../target';

/** Tests that every resource goes through its life as Terraform wants it: what is made is read, imported, changed and deleted. */
export function lifecycleTests(provider: ProviderDefinition, start: () => Promise<Target>): void {
  let target: Target;
  beforeAll(async () => void (target = await start()));
  afterAll(() => target.stop());

  describe.each(provider.resources.map((definition) => [definition.type, definition] as const))('%s', (type, definition) => {
    let subject: Subject;
    beforeAll(() => void (subject = new Subject(definition, target)));

    it.each(['minimal', 'full'] as const)('is made, read and imported with an empty plan after each (%s example)', async (size) => {
      const config = await subject.example(size, `-${size}`);
      const made = done(await (await target.core()).ensure(type, config));
      holdSettled({ subject, step: 'read and plan after create' }, await freshPlan(await target.core(), config, made));

      const imported = done(await (await target.core()).import(type, subject.id(config)));
      expect(imported.identity).toEqual(Object.fromEntries(subject.keyNames().map((name) => [name, config[name] ?? null])));
      const at = { subject, step: 'import', except: subject.untold() };
      holdSame(at, ['after create', made], ['imported', imported]);
      const next = await freshPlan(await target.core(), config, imported);
      holdImported(at, next);
      const updated = done(await (await target.core()).apply(next));
      holdSettled({ subject, step: 'read and plan after import and update' }, await freshPlan(await target.core(), config, updated));
      const byIdentity = done(await (await target.core()).import(type, '', imported.identity as typeof config));
      expect(subject.steady(byIdentity.state)).toEqual(subject.steady(imported.state));
    });

    it('has a value for each computed attribute that the server returns, after a create', async () => {
      const config = await subject.example('full', '-computed');
      const made = done(await (await target.core()).ensure(type, config));
      const state = isRecord(made.state) ? made.state : {};
      hold(
        { subject, step: 'create' },
        subject
          .returned()
          .filter((name) => (state[name] ?? null) === null)
          .map((name) => `${name}: the server returned no value; if it may leave it out, list it in the hints as "omitted"`),
      );
    });

    it('has each attribute changed by itself, with only that attribute in the plan', async () => {
      const shared = await subject.example('full', '-changed');
      for (const field of subject.changeable()) {
        // What can never be deleted needs a name of its own for each round.
        const config = definition.undeletable ? subject.renamed(shared, `-${field.name}`) : shared;
        const [one, other] = subject.pair(config, field);
        const core = await target.core();
        const before = done(await core.ensure(type, one));
        const plan = await freshPlan(core, other, before);
        holdChange(
          { subject, step: `plan of a new value for ${field.name}`, except: [...subject.derived(), ...subject.unsteady()] },
          plan,
          subject.follows(field),
        );
        expect([field.name, plan.action]).toEqual([field.name, subject.replaces(field, plan.changes) ? 'replace' : 'update']);
        const after = done(await (await target.core()).apply(plan));
        holdUnchanged({ subject, step: `plan after the update of ${field.name}` }, await freshPlan(await target.core(), other, after));
        if (field.optional && !subject.isLasting(field)) await unset(subject, field.name, { config: other, made: after });
        else
          done(
            await (
              await target.core()
            )
              .apply(await core.plan(type, null, after))
              .then((applied) => ({ ...applied, instance: applied.instance ?? after })),
          );
      }
    });

    it('shows what something else changed, attribute by attribute, and changes it back', async () => {
      const config = await subject.example('full', '-drift');
      const made = done(await (await target.core()).ensure(type, config));
      for (const field of subject.readable().filter((candidate) => !candidate.facts.forceNew)) {
        const value = await subject.changeOutside(made.state as typeof config, field);
        const { instance, drift } = await (await target.core()).refresh(made);
        const found = drift.filter((name) => !subject.unsteady().includes(name));
        expect([field.name, found, isRecord(instance?.state ?? null) && (instance?.state as typeof config)[field.name]]).toEqual([
          field.name,
          [field.name],
          value,
        ]);
        const plan = await freshPlan(await target.core(), config, made);
        expect([field.name, plan.action]).toEqual([
          field.name,
          (config[field.name] ?? null) === null && field.default === undefined && field.computed ? 'none' : 'update',
        ]);
        done(await (await target.core()).apply(plan));
      }
      expect((await freshPlan(await target.core(), config, made)).changes).toEqual([]);
    });

    it('is deleted, is deleted again without an error, and is planned for creation when it is gone, if it can be', async () => {
      const config = await subject.example('minimal', '-gone');
      const atCreate = (await (await target.core()).plan(type, config)).diagnostics;
      const made = done(await (await target.core()).ensure(type, config));
      const core = await target.core();
      const lasts = definition.undeletable
        ? [expect.objectContaining({ ...definition.undeletable(made.state as typeof config) }) as unknown]
        : [];
      const planned = await core.plan(type, null, made);
      expect(planned.diagnostics).toEqual(lasts);
      expect(await core.apply(planned)).toEqual({ instance: undefined, diagnostics: lasts });
      expect(await (await target.core()).apply(await core.plan(type, null, made))).toEqual({ instance: undefined, diagnostics: lasts });
      const plan = await freshPlan(await target.core(), config, made);
      const { alwaysExists: inherent } = definition.binding;
      expect(plan.action).toBe(definition.undeletable ? 'none' : inherent ? 'update' : 'create');
      if (definition.undeletable || inherent) return;
      expect(plan.told).toEqual([
        expect.objectContaining({
          severity: 'warning',
          summary: 'Object Is Gone',
          detail: expect.stringContaining(`${type} "${subject.id(config)}"`) as unknown,
        }),
        ...atCreate,
      ]);
    });

    it('is not taken over when it is there already, unless its parent always has it, and the message has the import command', async () => {
      const config = await subject.example('minimal', '-taken');
      const made = done(await (await target.core()).ensure(type, config));
      if (definition.binding.alwaysExists) {
        expect(done(await (await target.core()).ensure(type, config)).state).toEqual(made.state);
        return;
      }
      const { instance, diagnostics } = await (await target.core()).ensure(type, config);
      expect(instance).toBeUndefined();
      expect(errors(diagnostics)).toEqual([
        expect.objectContaining({
          summary: 'Already on the Server',
          detail: expect.stringContaining(`terraform import ${type}.`) as unknown,
        }),
      ]);
    });

    it('can be planned with unknown values and applied when they are known', async () => {
      const config = await subject.example('full', '-unknown');
      const known = new Set(referencesAndKeys(subject));
      const open = Object.fromEntries(Object.entries(config).map(([name, value]) => [name, known.has(name) ? value : UNKNOWN]));
      const core = await target.core();
      const plan = await core.plan(type, open);
      expect([plan.action, errors(plan.diagnostics)]).toEqual(['create', []]);
      const made = done(await core.apply(plan, config));
      holdSettled(
        { subject, step: 'plan after create from unknown values' },
        { ...(await freshPlan(await target.core(), config, made)), told: [] },
      );
    });
  });

  async function unset(subject: Subject, name: string, { config, made }: { config: ValueRecord; made: Instance }): Promise<void> {
    const without = Object.fromEntries(Object.entries(config).filter(([key]) => key !== name && !needs(subject, key).includes(name)));
    const plan = await freshPlan(await target.core(), without, made);
    const after = done(await (await target.core()).apply(plan));
    holdUnchanged({ subject, step: `plan after ${name} was unset` }, await freshPlan(await target.core(), without, after));
    const core = await target.core();
    await core.apply(await core.plan(subject.type, null, after));
  }
}

const referencesAndKeys = (subject: Subject): string[] => [
  ...subject.keyNames(),
  ...subject.fields.filter(({ facts }) => facts.forceNew).map(({ name }) => name),
];

/** Names of the attributes that one needs beside it, at any remove. */
function needs(subject: Subject, name: string): string[] {
  const field = subject.fields.find((candidate) => candidate.name === name);
  const direct = (field?.facts.requires ?? []).flatMap((key) =>
    subject.fields.filter((candidate) => candidate.key === key).map((candidate) => candidate.name),
  );
  return [...direct, ...direct.flatMap((inner) => needs(subject, inner))];
}
