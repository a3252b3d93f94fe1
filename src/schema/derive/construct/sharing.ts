import { isScalar, type Field, type ObjectShape, type Shape } from '../../define/shape';
import { timeouts } from '../../define/timeouts';
import { capital, commonWords, dataSourceClass, ephemeralClass, reservedNames, wordsOf } from './names';
import { inputSignature, outputSignature } from './signature';
import type { ClassSource } from './source';
import { structOf } from './types';

/** A place in a class that needs a named type: a nested object, or a string with a set of allowed values. */
export interface Use {
  readonly source: ClassSource;
  /** The keys that lead there, each with a capital: `SettingsInterceptors`. */
  readonly path: string;
  readonly field: Field;
  /** Whether a user may set it. */
  readonly settable: boolean;
}

/** A type that one or more classes use, and where. */
export interface SharedType {
  readonly kind: 'union' | 'input' | 'output';
  readonly name: string;
  readonly uses: readonly [Use, ...Use[]];
}

/** The names of the types, by the class and path of a use. */
export interface TypeNames {
  /** What a nested object or a text is set with. */
  input(qualified: string): string;
  /** The beginning of the names of the classes through which a nested object is read. */
  output(qualified: string): string;
}

/** The types that the classes of a provider need, each once however many use it; `reserved` are names that none may have. */
export function typesOf(
  sources: readonly ClassSource[],
  reserved: readonly string[] = [],
): { readonly types: readonly SharedType[]; readonly names: TypeNames } {
  const groups = groupsOf(sources.flatMap((source) => usesOf({ source, fields: source.fields, path: '', settable: true })));
  const classes = [...sources.map(({ className }) => className), ...reserved];
  const taken = new Set([...reservedNames, ...classes.flatMap((name) => [name, `${name}Config`])]);
  const byUse = [...groups].sort((a, b) => b.uses.length - a.uses.length);
  const named = new Map(byUse.map((group) => [group, nameOf(group, { sources, taken })]));
  const types = groups.map(({ kind, uses }, index) => ({ kind, uses, name: named.get(groups[index] as Group) as string }));
  const entries = (output: boolean): [string, string][] =>
    types
      .filter(({ kind }) => (kind === 'output') === output)
      .flatMap(({ name, uses }) => uses.map((use) => [qualified(use), name] as const)) as [string, string][];
  const [inputs, outputs] = [new Map(entries(false)), new Map(entries(true))];
  return { types, names: { input: (key) => inputs.get(key) ?? key, output: (key) => outputs.get(key) ?? key } };
}

const qualified = ({ source, path }: Use): string => source.className + path;

interface Walk {
  readonly source: ClassSource;
  readonly fields: readonly Field[];
  readonly path: string;
  readonly settable: boolean;
}

/** The places of a class, inner ones first. */
function usesOf(walk: Walk): Use[] {
  return walk.fields.flatMap((field) => {
    const path = walk.path + capital(field.key);
    const settable = walk.settable && (field.required || field.optional);
    const use = { source: walk.source, path, field, settable };
    const struct = structOf(field.shape);
    if (struct) return [...usesOf({ ...walk, fields: struct.fields, path, settable }), use];
    return textsOf(field.shape) ? [use] : [];
  });
}

/** The only texts that an attribute, or each of its elements, may have. */
export function textsOf(shape: Shape): readonly string[] | undefined {
  if (isScalar(shape)) return shape.oneOf;
  return 'element' in shape ? textsOf(shape.element) : undefined;
}

interface Group {
  readonly kind: SharedType['kind'];
  readonly uses: [Use, ...Use[]];
}

function groupsOf(uses: readonly Use[]): Group[] {
  const groups = new Map<string, Group>();
  for (const use of uses) {
    for (const [kind, signature] of signaturesOf(use)) {
      const key = JSON.stringify([kind, use.field.key, signature]);
      const group = groups.get(key);
      if (group) group.uses.push(use);
      else groups.set(key, { kind, uses: [use] });
    }
  }
  return [...groups.values()];
}

function signaturesOf({ source, field, settable }: Use): (readonly [kind: SharedType['kind'], signature: unknown])[] {
  const struct: ObjectShape | undefined = structOf(field.shape);
  if (!struct) return settable ? [['union', textsOf(field.shape)]] : [];
  return [
    ...(settable ? [['input', [field.description, inputSignature(struct)]] as const] : []),
    ...(source.kind === 'provider' || source.kind === 'action' || field.facts.writeOnly
      ? []
      : [['output', outputSignature(field.shape)] as const]),
  ];
}

interface Taken {
  readonly sources: readonly ClassSource[];
  readonly taken: Set<string>;
}

/** The name of a type: of its only use or, where several have it, of what they have in common. If that name is taken, it is named after its first use. */
function nameOf({ kind, uses }: Group, { sources, taken }: Taken): string {
  const first = qualified(uses[0]);
  for (const name of uses.length > 1 || isOfLanguage(uses[0]) ? [commonName(uses, sources), first] : [first]) {
    const declared = kind === 'output' ? ['OutputReference', 'List', 'Map'].map((suffix) => name + suffix) : [name];
    if (declared.some((one) => taken.has(one))) continue;
    for (const one of declared) taken.add(one);
    return name;
  }
  throw new Error(`two types would be called ${first}; rename the attribute of one`);
}

/** The words that the names of the classes have in common, and the shortest path. What every resource has needs no such words. */
function commonName(uses: readonly Use[], sources: readonly ClassSource[]): string {
  const path = uses.map((use) => use.path).sort((a, b) => wordsOf(a).length - wordsOf(b).length)[0] as string;
  const owners = new Set(uses.map(({ source }) => source));
  const resources = sources.filter(({ kind }) => kind === 'resource');
  const isEverywhere = (resources.length > 1 || uses.every(isOfLanguage)) && resources.every((source) => owners.has(source));
  return (isEverywhere ? '' : commonWords([...owners].map(subjectOf))) + path;
}

/** Whether it is the attribute that the language adds to every resource: its type must keep its name when a provider gets a second resource. */
const isOfLanguage = ({ source, path }: Use): boolean =>
  source.kind === 'resource' && Object.keys(timeouts).some((key) => capital(key) === path);

/** What a class is about: `Repository` for `DataBkrepoRepositories`. */
function subjectOf({ className, kind, provider }: ClassSource): string {
  if (kind !== 'dataSource' && kind !== 'ephemeral') return className;
  const prefix = kind === 'dataSource' ? dataSourceClass(provider) : ephemeralClass(provider);
  return className.slice(prefix.length).replace(/ies$/, 'y').replace(/s$/, '');
}
