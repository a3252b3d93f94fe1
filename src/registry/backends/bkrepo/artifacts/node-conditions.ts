import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { type QueryModel, type Rule } from './query';
import { type Order } from './node-order';
import { type BkNodeTable } from './tables';

/** A rule as far as the database can tell. */
export interface Condition {
  /** What all results fulfil. @default - anything may be a result */
  readonly sql?: RawBuilder<SqlBool>;
  /** Whether all that fulfil it are results. */
  readonly isExact: boolean;
}

type FieldRule = Extract<Rule, { readonly field: string }>;
type Check = (column: RawBuilder<unknown>, value: unknown) => Condition;

const UNKNOWN: Condition = { isExact: false };
const ALWAYS: Condition = { sql: sql<SqlBool>`1 = 1`, isExact: true };
const NEVER: Condition = { sql: sql<SqlBool>`1 = 0`, isExact: true };
/** Engines limit how many values and how deep expressions a statement has. */
const MOST_VALUES = 100;
const MOST_RULES = 100;

const exact = (condition: RawBuilder<SqlBool>): Condition => ({ sql: condition, isExact: true });
const textsOf = (value: unknown): string[] => [value].flat().map(String);
const contains = (column: RawBuilder<unknown>, text: string): Condition =>
  text === '' ? ALWAYS : exact(sql<SqlBool>`replace(${column}, ${text}, '') <> ${column}`);

/** What of the operations on texts the database can tell. */
const TEXT: Readonly<Record<string, Check>> = {
  EQ: (column, value) => exact(sql<SqlBool>`${column} = ${String(value)}`),
  NE: (column, value) => exact(sql<SqlBool>`${column} <> ${String(value)}`),
  IN: (column, value) => among(column, textsOf(value), { isIn: true }),
  NIN: (column, value) => among(column, textsOf(value), { isIn: false }),
  PREFIX: (column, value) => {
    const text = String(value);
    return text === '' ? ALWAYS : exact(sql<SqlBool>`(${column} >= ${text} and ${column} < ${`${text}\u{10ffff}`})`);
  },
  CONTAINS: (column, value) => contains(column, String(value)),
  SUFFIX: (column, value) => ({ ...contains(column, String(value)), isExact: false }),
  MATCH: matched,
  NULL: () => NEVER,
  NOT_NULL: () => ALWAYS,
};

/** The columns of texts that every node has. */
const TEXTS: ReadonlyMap<string, keyof BkNodeTable> = new Map([
  ...([
    ['projectId', 'project'],
    ['repoName', 'repo'],
    ['fullPath', 'full_path'],
    ['path', 'parent'],
    ['name', 'name'],
  ] as const),
  ...([
    ['createdBy', 'created_by'],
    ['createdDate', 'created_at'],
  ] as const),
  ...([
    ['lastModifiedBy', 'modified_by'],
    ['lastModifiedDate', 'modified_at'],
  ] as const),
]);
const COMPARED: Readonly<Record<string, RawBuilder<unknown>>> = {
  ...{ EQ: sql`=`, NE: sql`<>`, LT: sql`<`, LTE: sql`<=`, GT: sql`>`, GTE: sql`>=` },
};

/** What the database can tell of a search; what it cannot is left to whoever looks at its answers. */
export function conditionOf(rule: Rule): Condition {
  return sizeOf(rule) > MOST_RULES ? UNKNOWN : ofRule(rule);
}

function sizeOf(rule: Rule): number {
  return 'field' in rule ? 1 : rule.rules.reduce((sum, each) => sum + sizeOf(each), 1);
}

function ofRule(rule: Rule): Condition {
  if ('field' in rule) return ofField(rule);
  const each = rule.rules.map(ofRule);
  const isExact = each.every((condition) => condition.isExact);
  const known = each.flatMap((condition) => condition.sql ?? []);
  if (rule.relation === 'AND')
    return known.length === 0 ? (isExact ? ALWAYS : UNKNOWN) : { sql: sql<SqlBool>`(${sql.join(known, sql` and `)})`, isExact };
  if (!isExact) return UNKNOWN;
  const some = sql<SqlBool>`(${sql.join([sql`1 = 0`, ...known], sql` or `)})`;
  return exact(rule.relation === 'OR' ? some : sql<SqlBool>`not ${some}`);
}

/** The columns of an order; undefined if the database does not know it. */
export function ordersOf(sort: QueryModel['sort']): Order[] | undefined {
  if (!sort) return [];
  const direction = sort.direction === 'DESC' ? 'desc' : 'asc';
  // A column that comes again decides nothing more.
  const properties = [...new Set(sort.properties)];
  const orders = properties.flatMap((property) => {
    const column = property === 'size' ? 'size' : TEXTS.get(property);
    return column === undefined ? [] : [{ column, direction } as const];
  });
  return orders.length === properties.length ? orders : undefined;
}

function ofField({ field, value, operation }: FieldRule): Condition {
  const column = TEXTS.get(field);
  if (column !== undefined) return TEXT[operation]?.(sql.ref(column), value) ?? UNKNOWN;
  if (field === 'size') return ofSize(operation, value);
  if (field === 'folder' && operation === 'EQ') return ofFolder(String(value));
  if (field === 'sha256' && operation === 'EQ') return exact(sql<SqlBool>`(hash is not null and hash = ${String(value)})`);
  const isMetadata = field.startsWith('metadata.') && !['NE', 'NIN', 'NULL'].includes(operation);
  return isMetadata ? { ...contains(sql.ref('metadata'), JSON.stringify(field.slice('metadata.'.length))), isExact: false } : UNKNOWN;
}

function ofFolder(value: string): Condition {
  if (value !== 'true' && value !== 'false') return NEVER;
  return exact(sql<SqlBool>`folder = ${value === 'true' ? 1 : 0}`);
}

function ofSize(operation: string, value: unknown): Condition {
  const compared = COMPARED[operation];
  const number = Number(value);
  if (!compared || !Number.isSafeInteger(number) || String(number) !== String(value)) return UNKNOWN;
  return exact(sql<SqlBool>`size ${compared} ${number}`);
}

function among(column: RawBuilder<unknown>, values: readonly string[], { isIn }: { readonly isIn: boolean }): Condition {
  if (values.length > MOST_VALUES) return UNKNOWN;
  if (values.length === 0) return isIn ? NEVER : ALWAYS;
  return exact(sql<SqlBool>`${column} ${isIn ? sql`in` : sql`not in`} (${sql.join(values)})`);
}

/** A pattern with asterisks: what stands between them has to be there, which is all there is to the most usual ones. */
function matched(column: RawBuilder<unknown>, value: unknown): Condition {
  const pieces = String(value).split('*');
  const [first = '', middle = ''] = pieces;
  if (pieces.length === 1) return TEXT['EQ']?.(column, value) ?? UNKNOWN;
  if (pieces.length === 2 && middle === '') return TEXT['PREFIX']?.(column, first) ?? UNKNOWN;
  if (pieces.length === 3 && first === '' && pieces[2] === '') return contains(column, middle);
  const begin = TEXT['PREFIX']?.(column, first).sql ?? [];
  const known = [begin, ...pieces.slice(1).map((piece) => contains(column, piece).sql ?? [])].flat();
  return { sql: sql<SqlBool>`(${sql.join(known, sql` and `)})`, isExact: false };
}
