import type { Field } from '../../schema/define/shape';
import { groupedBy, type Item } from '../groups';
import { Reference, type Tree } from '../references';

/** A parameter of a function that makes objects: a camelCase attribute and its type. */
export interface Parameter {
  readonly key: string;
  readonly type: string;
  /** Whether some objects do not have it. */
  readonly optional: boolean;
}

/** Objects of one type that differ in little: a function makes them. */
export interface Alike {
  readonly type: string;
  readonly items: ReadonlySet<Item>;
  /** The attribute that names the construct too. */
  readonly naming: string;
  /** The attributes that differ: the naming one first, optional ones last. */
  readonly parameters: readonly Parameter[];
}

const FEWEST = 4;
const MOST_PARAMETERS = 3;

/** The largest family of each type, where it is worth a function. */
export function familiesOf(items: readonly Item[], idOf: (item: Item) => string): readonly Alike[] {
  return [...groupedBy(items, ({ object }) => object.type)].flatMap(([type, own]) => {
    const found = own.length < FEWEST ? undefined : familyOf(own, idOf);
    return found ? [{ type, ...found }] : [];
  });
}

function familyOf(items: readonly Item[], idOf: (item: Item) => string): Omit<Alike, 'type'> | undefined {
  const fields = items[0]?.object.compiled.fields ?? [];
  // What each object has to say may differ, and so may its description; families agree in everything else.
  const free = freeKeys(fields);
  const rest = ({ tree }: Item): string => plain(Object.entries(tree).filter(([key]) => !free.includes(key)));
  const [largest = []] = [...groupedBy(items, rest).values()].sort((a, b) => b.length - a.length);
  const trees = largest.map(({ tree }) => tree);
  const parameters = free.flatMap((key) => parameterOf(key, trees) ?? []);
  const naming = parameters.find(({ key }) => largest.every((item) => item.tree[key] === idOf(item)))?.key;
  const isWorthIt = largest.length >= FEWEST && parameters.length <= MOST_PARAMETERS && parameters.every(({ type }) => type !== '');
  if (naming === undefined || !isWorthIt) return undefined;
  const rank = ({ key, optional }: Parameter): number => (key === naming ? 0 : optional ? 2 : 1);
  return { items: new Set(largest), naming, parameters: parameters.sort((a, b) => rank(a) - rank(b)) };
}

/** The attributes that may be parameters of a function that makes objects. */
export const freeKeys = (fields: readonly Field[]): readonly string[] =>
  fields.filter((field) => field.required || field.key === 'description').map(({ key }) => key);

/** The parameter for an attribute; nothing if all agree. */
function parameterOf(key: string, trees: readonly Tree[]): Parameter | undefined {
  if (new Set(trees.map((tree) => plain(tree[key]))).size === 1) return undefined;
  const having = trees.filter((tree) => key in tree);
  const [type = '', ...others] = new Set(having.map((tree) => argumentType(tree[key])));
  return { key, type: others.length > 0 ? '' : type, optional: having.length < trees.length };
}

/** The TypeScript type of a value that can be an argument; an empty text for one that cannot. */
function argumentType(value: unknown): string {
  if (value instanceof Reference || typeof value === 'string') return 'string';
  if (typeof value === 'number' || typeof value === 'boolean') return typeof value;
  return Array.isArray(value) && value.length > 0 && value.every((item) => argumentType(item) === 'string') ? 'string[]' : '';
}

/** A value for comparisons: a reference by what it refers to. */
function plain(value: unknown): string {
  return JSON.stringify(value ?? null, (_, one: unknown) =>
    one instanceof Reference ? ['reference', one.to.type, one.to.id, one.attribute] : one,
  );
}
