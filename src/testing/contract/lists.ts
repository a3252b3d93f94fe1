import { isList, isRecord, sameValue, type Value, type ValueRecord } from '../../common/value';
import type { ResourceDefinition } from '../../schema/define/definition';
import type { ProviderDefinition } from '../../schema/define/provider';
import { isHidden, isServers } from '../../schema/define/shape';
import { ALLOW_WRITES, listFields } from '../../schema/derive/to-list';
import { type Found, generated, query } from '../query';
import { done, errors, Subject } from '../subject';
import type { Target } from '../target';

/** Tests that objects are found in lists, and that the configurations which are generated for them import them without a change. */
export function listTests(provider: ProviderDefinition, start: () => Promise<Target>): void {
  let target: Target;
  beforeAll(async () => void (target = await start()));
  afterAll(() => target.stop());
  const listed = provider.resources.filter(({ binding }) => binding.list);

  it('has a list resource for each resource that can be listed', async () => {
    expect(Object.keys((await target.core()).provider.schema().listResources)).toEqual(listed.map(({ type }) => type));
  });
  if (listed.length === 0) return;

  describe.each(listed.map((definition) => [definition.type, definition] as const))('list %s', (type, definition) => {
    const list = definition.binding.list;
    const allowed: ValueRecord = list?.writes === undefined ? {} : { [ALLOW_WRITES]: true };
    let subject: Subject;
    const made: { readonly config: ValueRecord; readonly state: ValueRecord }[] = [];
    beforeAll(async () => {
      subject = new Subject(definition, target);
      for (const size of ['minimal', 'full'] as const) {
        const config = await subject.example(size, `-${size}-listed`);
        made.push({ config, state: done(await (await target.core()).ensure(type, config)).state as ValueRecord });
      }
    });
    const ask = async (config: ValueRecord = {}, more: { readonly include?: boolean; readonly limit?: number } = {}) =>
      query(await target.core(), { type, config: { ...allowed, ...config }, limit: 10_000, ...more });
    const keyOf = (values: ValueRecord): ValueRecord => Object.fromEntries(subject.keyNames().map((name) => [name, values[name] ?? null]));
    const isFound = (found: readonly Found[], state: ValueRecord): boolean =>
      found.some(({ identity }) => sameValue(identity, keyOf(state)));

    it('has the objects that exist, under the ids that import them', async () => {
      const { found, told } = await ask();
      expect(errors(told)).toEqual([]);
      const missing = made.filter(({ state }) => !isFound(found, state)).map(({ state }) => subject.id(state));
      if (list?.omits === undefined) expect(missing).toEqual([]);
      else expect(missing.length).toBeLessThan(made.length);
      expect(found.map(({ displayName }) => displayName)).toEqual(found.map(({ identity }) => subject.id(identity)));
      expect(new Set(found.map(({ displayName }) => displayName)).size).toBe(found.length);
    });

    it('has the values that an import reads, of which a configuration is generated that plans no change and says nothing needless', async () => {
      const { found } = await ask({}, { include: true });
      for (const { identity, state, displayName } of found) {
        const core = await target.core();
        const imported = done(await core.import(type, '', identity));
        expect([displayName, subject.steady(state ?? null)]).toEqual([displayName, subject.steady(imported.state)]);
        const { config, told } = await generated(core, type, state ?? null);
        expect([displayName, told, isRecord(config)]).toEqual([displayName, [], true]);
        const plan = await core.plan(type, config as ValueRecord, imported);
        expect([displayName, errors(plan.diagnostics), plan.action, plan.changes]).toEqual([displayName, [], 'none', []]);
        expect([displayName, needless(definition, config as ValueRecord)]).toEqual([displayName, []]);
      }
      const mine = made.find(({ state }) => isFound(found, state));
      const own = mine && found.find(({ identity }) => sameValue(identity, keyOf(mine.state)));
      if (mine?.state === made[0]?.state && own) await expectExample(own, made[0]?.config ?? {});
    });

    /** What is generated for an example is the example, and what the server chose. */
    async function expectExample(own: Found, example: ValueRecord): Promise<void> {
      const { config } = await generated(await target.core(), type, own.state ?? null);
      const mayDiffer = (name: string): boolean =>
        subject.fields.some(
          (field) =>
            field.name === name &&
            (isHidden(field) ||
              field.default !== undefined ||
              (field.computed && (example[name] ?? null) === null) ||
              subject.untold().includes(name)),
        );
      const names = subject.fields.map(({ name }) => name).filter((name) => !mayDiffer(name));
      const only = (values: Value): ValueRecord =>
        Object.fromEntries(names.map((name) => [name, isRecord(values) ? (values[name] ?? null) : null]));
      expect(subject.steady(only(config))).toEqual(subject.steady(only(example)));
    }

    it('is narrowed by what objects are known by, with patterns', async () => {
      const { found: all } = await ask();
      const one = all.find(({ identity }) => made.some(({ state }) => sameValue(identity, keyOf(state)))) as Found;
      const parts = Object.entries(one.identity).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []));
      const matching = (names: readonly (readonly [string, string])[]): string[] =>
        all.filter(({ identity }) => names.every(([name, value]) => identity[name] === value)).map(({ displayName }) => displayName);
      const names = ({ found }: Awaited<ReturnType<typeof ask>>): string[] => found.map(({ displayName }) => displayName);
      expect(names(await ask(Object.fromEntries(parts)))).toEqual(matching(parts));
      for (const part of parts) {
        expect([part, names(await ask(Object.fromEntries([part])))]).toEqual([part, matching([part])]);
        const [name, text] = part;
        if (subject.fields.some(({ name: field, shape }) => field === name && 'oneOf' in shape && shape.oneOf)) continue;
        expect(names(await ask({ [name]: `?${text.slice(1, 2)}*${text.slice(2)}` }))).toEqual(expect.arrayContaining(matching([part])));
        expect(names(await ask({ [name]: `*${text}-that-is-not-there*` }))).toEqual([]);
      }
    });

    it('refuses values that no object has, and ends at the limit', async () => {
      for (const { name, shape } of listFields(definition) ?? []) {
        if (!('oneOf' in shape) || !shape.oneOf) continue;
        const { told } = await ask({ [name]: 'not-one-of-them' });
        expect([name, told]).toEqual([name, [expect.objectContaining({ severity: 'error', path: name })]]);
        const { found } = await ask({ [name]: shape.oneOf[0] as string }, { include: true });
        expect(found.filter(({ state }) => state?.[name] !== shape.oneOf?.[0])).toEqual([]);
      }
      expect((await ask({}, { limit: 1 })).found).toHaveLength(1);
    });

    if (list?.writes !== undefined)
      it('is not asked for without permission, because the server writes', async () => {
        const core = await target.core();
        target.server.calls();
        const { found, told } = await query(core, { type });
        expect([found, target.server.calls()]).toEqual([[], []]);
        expect(errors(told)).toEqual([
          expect.objectContaining({
            summary: 'Listing Writes to the Server',
            detail: expect.stringContaining(list.writes ?? '') as unknown,
          }),
        ]);
      });
  });
}

/** Attributes that a configuration sets although it need not, or must not. */
function needless(definition: ResourceDefinition, config: ValueRecord): string[] {
  const { fields } = new Subject(definition, undefined as never);
  return fields.flatMap((field) => {
    const given = config[field.name] ?? null;
    if (given === null) return [];
    const same = field.default !== undefined && sameValue(field.default, given);
    const empty = !field.required && isList(given) && given.length === 0;
    return isServers(field) || isHidden(field) || same || empty ? [field.name] : [];
  });
}
