import { camelCase } from '../../common/names';
import type { Facts } from './attribute';
import { isJsonObject } from './json';
import { type CollectionShape, type Field, isHidden, isScalar, isServers, placeOf, type Shape } from './shape';

/** A problem of an attribute, by its camelCase path. */
export const at = (path: readonly string[], problem: string): string => `attribute "${path.join('.')}": ${problem}`;

/** The collections that contain a field, the outermost first. */
interface Around {
  readonly path: readonly string[];
  readonly collections: readonly CollectionShape[];
  readonly writable: boolean;
}

/** The problems of fields, including those of nested objects. @param writable whether they may be write-only */
export function fieldProblems(fields: readonly Field[], writable: boolean): string[] {
  return problemsAround(fields, { path: [], collections: [], writable });
}

function problemsAround(fields: readonly Field[], around: Around): string[] {
  const revisions = new Set(fields.flatMap(({ facts }) => (facts.rotation ? [facts.rotation.revision] : [])));
  return [
    ...placeProblems(fields, around.path),
    ...fields.flatMap((field) => {
      const path = [...around.path, field.key];
      const told = [
        ...nameProblems(field),
        ...companionProblems(field, fields),
        ...serverProblems(field, revisions),
        ...versionProblems(field.facts),
        ...defaultProblems(field),
        ...keyedProblems(field),
        ...impactProblems(field),
        ...(field.facts.writeOnly ? writeOnlyProblems(field, around) : []),
        ...(field.facts.rotation ? rotationProblems(field, fields) : []),
      ];
      return [...told.map((problem) => at(path, problem)), ...inside(field, { ...around, path })];
    }),
  ];
}

/** The problems of the members nested in a field. */
function inside(field: Field, around: Around): string[] {
  const collections = [...around.collections];
  let shape: Shape = field.shape;
  for (; 'element' in shape; shape = shape.element) collections.push(shape);
  if (shape.kind !== 'object') return [];
  const secret = holdsWriteOnly(shape.fields);
  const told = [
    ...(shape.fields.length === 0 ? ['nested() has no attributes; give it some'] : []),
    ...(secret && field.computed
      ? ['it contains a write-only attribute, so the provider must not set it; leave out the default and computed']
      : []),
    ...(secret && field.facts.semanticEquals
      ? ['it contains a write-only attribute, so semanticEquals is not allowed here; set it on the members']
      : []),
  ];
  return [...told.map((problem) => at(around.path, problem)), ...problemsAround(shape.fields, { ...around, collections })];
}

const holdsWriteOnly = (fields: readonly Field[]): boolean =>
  fields.some(({ facts, shape }) => facts.writeOnly === true || holdsWriteOnly(membersIn(shape)));
const membersIn = (shape: Shape): readonly Field[] =>
  shape.kind === 'object' ? shape.fields : 'element' in shape ? membersIn(shape.element) : [];

function nameProblems({ key, name, description, api }: Field): string[] {
  return [
    ...(camelCase(name) === key
      ? []
      : [`its name in Terraform would be "${name}", which converts back to "${camelCase(name)}"; use that name`]),
    ...(key === 'constructor'
      ? ['every JavaScript object has a member of this name; choose another, and set api to the name of the field']
      : []),
    ...(description.trim() === '' ? ['it has no description; write a sentence for the docs and editors'] : []),
    ...(api && (api.length === 0 || api.some((segment) => segment === '' || segment === '__proto__'))
      ? [`api has an empty or forbidden segment (${JSON.stringify(api)}); name every field of the path, e.g. 'spec.name'`]
      : []),
  ];
}

/** Two attributes for one API field would overwrite each other, unless at most one of them can be set. */
function placeProblems(fields: readonly Field[], path: readonly string[]): string[] {
  const placed = fields.filter(({ api }) => api !== undefined && api.length > 0);
  return placed.flatMap((field, index) =>
    placed.slice(index + 1).flatMap((other) => {
      const [one, two] = [placeOf(field), placeOf(other)];
      const what = `"${[...path, field.key].join('.')}" and "${[...path, other.key].join('.')}"`;
      if (one === two && !excludes(field, other))
        return [
          `attributes ${what}: both map to the API field "${(field.api ?? []).join('.')}"; set api on one of them, or let one conflict with the other`,
        ];
      return covers(field, other) || covers(other, field)
        ? [
            `attributes ${what}: the API field of one contains that of the other; set api on one of them, or make one a member of the other with nested()`,
          ]
        : [];
    }),
  );
}

/** Whether the API path of a field contains that of another one; for objects, only if a member has that path. */
function covers({ api = [], shape }: Field, other: Pick<Field, 'api'>): boolean {
  const [start, whole] = [placeOf({ api }), placeOf(other)];
  if (!whole.startsWith(`${start}\u0000`)) return false;
  if (shape.kind !== 'object') return true;
  const rest = (other.api ?? []).slice(api.length);
  return shape.fields.some((member) => placeOf(member) === placeOf({ api: rest }) || covers(member, { api: rest }));
}

const excludes = ({ key, facts }: Field, other: Field): boolean =>
  facts.conflicts?.includes(other.key) === true || other.facts.conflicts?.includes(key) === true;

function companionProblems({ key, facts }: Field, fields: readonly Field[]): string[] {
  const { requires = [], conflicts = [] } = facts;
  const known = new Set(fields.map((field) => field.key));
  const lost = (fact: string, names: readonly string[]): string[] =>
    names
      .filter((name) => name === key || !known.has(name))
      .map(
        (name) => `${fact} names "${name}", which is ${name === key ? 'itself' : 'not one of the attributes beside it'}; correct the name`,
      );
  const both = requires.filter((name) => conflicts.includes(name));
  return [
    ...lost('requires', requires),
    ...lost('conflicts', conflicts),
    ...both.map((name) => `it both requires and conflicts with "${name}"; keep one of the two`),
  ];
}

function serverProblems(field: Field, revisions: ReadonlySet<string>): string[] {
  const { facts } = field;
  const given = field.optional || field.required;
  const untold = isServers(field) && !facts.derive && (facts.api === false || facts.notReturned) && !revisions.has(field.key);
  return [
    ...(facts.computed && field.default !== undefined ? ['it has a default and is computed; keep one of the two'] : []),
    ...(facts.derive && given ? ['it is derived, so users cannot set it; leave out optional() and default()'] : []),
    ...(facts.volatile && given
      ? ['it is volatile, but users may set it; only a value that the server alone sets (computed, required type) can be volatile']
      : []),
    ...(facts.volatile && (facts.derive || facts.forceNew || facts.notReturned || facts.createOnly)
      ? ['it is volatile, so it cannot be derived, force replacement, or be createOnly or notReturned; keep one of these facts']
      : []),
    ...(untold ? ['it is computed, but the server never returns it; give it an api, or derive it'] : []),
    ...(facts.forceNew && facts.writeOnly && !facts.rotation
      ? ['it is write-only, so a change cannot be detected and cannot force replacement; leave out forceNew, or use secret()']
      : []),
  ];
}

const version = /^v?\d+(\.\d+){0,3}$/;

function versionProblems({ since, removedIn }: Facts): string[] {
  const wrong = Object.entries({ since, removedIn }).flatMap(([fact, value]) =>
    value === undefined || version.test(value) ? [] : [`${fact} is "${value}", which is not a version; write it like 3.2`],
  );
  const order = (text: string): string =>
    text
      .replace(/^v/, '')
      .split('.')
      .map((part) => part.padStart(9, '0'))
      .join('.');
  if (wrong.length > 0 || since === undefined || removedIn === undefined || order(since) < order(removedIn)) return wrong;
  return [`no version has it: it exists since ${since} and is removed in ${removedIn}; correct one of the two`];
}

function keyedProblems({ shape, facts: { elementKey } }: Field): string[] {
  if (elementKey === undefined) return [];
  if (shape.kind !== 'list' || shape.element.kind !== 'object')
    return ['elementKey is for lists of objects, which this is not; leave it out'];
  const member = shape.element.fields.find(({ key }) => key === elementKey);
  if (!member)
    return [
      `elementKey names "${elementKey}", which is not one of the members; it has ${shape.element.fields.map(({ key }) => key).join(', ')}`,
    ];
  if (!member.required || (member.shape.kind !== 'string' && member.shape.kind !== 'number'))
    return [`elementKey names "${elementKey}", which must be a required string or number; make it one, or name another member`];
  return isHidden(member) ? [`elementKey names "${elementKey}", which appears in messages; name a member that is not sensitive`] : [];
}

/** What has an impact, of which kind its attribute has to be. */
function impactProblems({ shape, facts: { impact } }: Field): string[] {
  if (impact === undefined) return [];
  if (typeof impact === 'object') {
    const values = ('oneOf' in shape && shape.oneOf) || [];
    const named = [...impact.mostOpenFirst, ...(impact.unmanaged === undefined ? [] : [impact.unmanaged])];
    const same = new Set(values).size === new Set(named).size && values.every((value) => named.includes(value));
    return same ? [] : [`impact.mostOpenFirst must have each of its values; it has ${values.join(', ') || 'none'}`];
  }
  const allowed = { order: ['list'], limits: ['list', 'set'], expires: ['bool'], bytes: ['number'] }[impact as string];
  const kinds = allowed ?? (impact === 'grants' || impact === 'denies' ? ['bool', 'list', 'set', 'map'] : ['string']);
  return kinds.includes(shape.kind) ? [] : [`impact "${impact}" is for ${kinds.join(', ')}, and this is ${shape.kind}; leave it out`];
}

function writeOnlyProblems(field: Field, { collections, writable }: Around): string[] {
  if (!writable) return ['only resources have write-only attributes; make it sensitive'];
  if (membersIn(field.shape).length > 0) return ['an object cannot be write-only as a whole; make its members write-only'];
  return collections.flatMap((collection, index) => {
    if (collection.kind === 'set')
      return ['it is write-only and inside a set, whose elements cannot be identified; use a map, or a list with elementKey'];
    if (!isScalar(collection.element) && collection.element.kind !== 'object')
      return ['it is write-only and inside a collection of collections, which Terraform does not support; use nested() between them'];
    const inner = index > 0 && collections[index - 1]?.element === collection;
    return collection.kind === 'list' && collection.elementKey === undefined && !inner
      ? [
          'it is write-only and inside a list, whose elements can be reordered; set elementKey of the list to the member that identifies them, or use a map',
        ]
      : [];
  });
}

/** The attributes that `secret()` declares must be unchanged. */
function rotationProblems({ key, facts }: Field, fields: readonly Field[]): string[] {
  const { plain, version: counter, revision } = facts.rotation ?? { plain: '', version: '', revision: '' };
  const of = (name: string): Field | undefined => fields.find((field) => field.key === name);
  const wrong = [
    ...(of(plain)?.facts.conflicts?.includes(key) ? [] : [plain]),
    ...(of(counter)?.facts.requires?.includes(key) ? [] : [counter]),
    ...(of(revision)?.facts.computed && of(revision)?.api === undefined ? [] : [revision]),
  ];
  return wrong.map(
    (name) => `secret() also declares "${name}", but it is missing or another attribute has its name; rename that attribute`,
  );
}

function defaultProblems({ default: fallback, shape, type }: Field): string[] {
  if (fallback === undefined) return [];
  const parsed = type.safeParse(inputOf(shape, fallback));
  return parsed.success
    ? []
    : [`its type refuses its default (${parsed.error.issues.map(({ message }) => message).join('; ')}); correct one of the two`];
}

/** A value as zod expects it, with members under either name: sets are written as lists, and null means not set. */
export function inputOf(shape: Shape, value: unknown): unknown {
  if (Array.isArray(value) && 'element' in shape) {
    const items = value.map((item) => inputOf(shape.element, item));
    return shape.kind === 'set' ? new Set(items) : items;
  }
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, item]): [string, unknown][] => {
    if (item === null || isScalar(shape)) return [];
    if (shape.kind !== 'object') return [[name, inputOf(shape.element, item)]];
    const field = shape.fields.find((one) => one.key === name || one.name === name);
    return [field ? [field.key, inputOf(field.shape, item)] : [name, item]];
  });
  return Object.fromEntries(entries);
}
