import { snakeCase } from '../../common/names';
import type { Value, ValueRecord } from '../../common/value';
import type { Attributes } from './attribute';
import type { ApiClient } from './client';

/** The names in braces in a text. */
type PartsOf<T extends string> = T extends `${string}{${infer P}}${infer Rest}` ? P | PartsOf<Rest> : never;

/** Where a permission is held, e.g. `{ project: 'payments' }`; nothing in it for one of the whole server. */
export type Place<P extends string = string> = Readonly<Record<P, string>>;

/** A permission of the server, as its author declares it. */
export interface PermissionSource<T extends string> {
  /** A short name for tables, e.g. `project administrator`. */
  readonly label: string;
  /**
   * What it is, after "needs"; the parts of the place where it is held are in braces: `an administrator of the project {project}`. The parts are
   * named like the attributes that contain them.
   */
  readonly name: T;
  /** How a login gets it, as one or more sentences. */
  readonly grant: string;
  /** Weaker permissions that come with it. @default none */
  readonly includes?: readonly Permission[];
  /**
   * Asks the server, without changing anything, whether the login has it in a place; `undefined` if the server does not tell. Requests other than
   * GET need `reads: true`. @default nobody can tell
   */
  held?(call: { readonly client: ApiClient; readonly place: Place<PartsOf<T>> }): Promise<boolean | undefined>;
  /** Places to ask about, the first few of which `repoform doctor` does. @default the whole server; needed if the name has parts */
  places?(client: ApiClient): Promise<readonly Place<PartsOf<T>>[]>;
}

/** A permission of the server. */
export type Permission = PermissionSource<string>;

/** Declares a permission of the server, for the `needs` of definitions. */
export const definePermission = <const T extends string>(source: PermissionSource<T>): Permission => source as unknown as Permission;

/** What an operation needs: a permission, in the place that the attributes of the same names contain. */
export type Need<A extends Attributes = Attributes> =
  | Permission
  | {
      readonly permission: Permission;
      /** The attributes that contain the place, for those with other names. @default those of the same names */
      readonly at?: Readonly<Record<string, keyof A & string>>;
      /** In which case it is needed, e.g. "if `quota` changes". @default always */
      readonly when?: string;
    };

/** What the operations of a definition need. An operation with an empty list needs only a login. */
export type Needs<O extends string = string, A extends Attributes = Attributes> = { readonly [P in O]?: readonly Need<A>[] };

/** The operations of a resource; `copyFrom` and `copyTo` are those of its `contents`, besides listing and reading. */
export type ResourceOperation = 'list' | 'read' | 'create' | 'update' | 'delete' | 'copyFrom' | 'copyTo';

/** The operations of every kind of definition. */
export type Operation = ResourceOperation | 'open' | 'close' | 'invoke';

const whole = (need: Need): { readonly permission: Permission; readonly at?: Readonly<Record<string, string>>; readonly when?: string } =>
  'permission' in need ? need : { permission: need };

/** The permission of a need. */
export const permissionOf = (need: Need): Permission => whole(need).permission;

/** In which case something is needed; nothing if always. */
export const caseOf = (need: Need): string | undefined => whole(need).when;

/** The parts of the place where a permission is held. */
export const partsOf = ({ name }: Permission): string[] => [...name.matchAll(/\{(\w+)\}/g)].map(([, part]) => part as string);

/** What may have needs. */
interface Stated {
  readonly needs?: Needs;
}

/** Every permission that something of a provider needs, once. */
export function permissionsOf(provider: {
  readonly resources: readonly Stated[];
  readonly dataSources: readonly Stated[];
  readonly ephemerals?: readonly Stated[];
  readonly actions?: readonly Stated[];
}): Permission[] {
  const { resources, dataSources, ephemerals = [], actions = [] } = provider;
  const all = [...resources, ...dataSources, ...ephemerals, ...actions];
  return [...new Set(all.flatMap(({ needs = {} }) => Object.values(needs).flatMap((list = []) => list.map(permissionOf))))];
}

/** Whether one permission comes with another. */
export const isIncluded = (permission: Permission, { includes = [] }: Permission): boolean =>
  includes.some((one) => one === permission || isIncluded(permission, one));

/** What a permission is, without a place. */
export const nameOf = ({ name }: Permission): string => name.replace(/ ?\{\w+\}/g, '');

/** What a permission is, in a place as far as it is known. */
export const namedIn = ({ name }: Permission, place: Partial<Place>): string =>
  name.replace(/ ?\{(\w+)\}/g, (_, part: string) => (place[part] === undefined ? '' : ` "${place[part]}"`));

/** The place of a need, as far as the values have it, which have Terraform's names. */
export function placeOf(need: Need, values: ValueRecord): Partial<Place> {
  const { permission, at = {} } = whole(need);
  const text = (value: Value | undefined): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
  return Object.fromEntries(partsOf(permission).map((part) => [part, text(values[snakeCase(at[part] ?? part)])])) as Partial<Place>;
}

/** Whether the place of a need consists of the attributes named. */
export const isWithin = (need: Need, attributes: readonly string[]): boolean => {
  const { permission, at = {} } = whole(need);
  return partsOf(permission).every((part) => attributes.includes(at[part] ?? part));
};

const doing: Readonly<Record<Operation, string>> = {
  list: 'Listing',
  read: 'Reading',
  create: 'Creating',
  update: 'Updating',
  delete: 'Deleting',
  copyFrom: 'Copying from',
  copyTo: 'Copying to',
  open: 'Opening',
  close: 'Closing',
  invoke: 'Running',
};

/** The subject of a text about needs: an operation of a type, and the known values. */
export interface Needing {
  readonly operation: Operation;
  readonly type: string;
  readonly values?: ValueRecord;
}

/** What an operation needs, and how a login gets it, as sentences; nothing if it needs only a login. */
export function needsText(needs: readonly Need[] = [], { operation, type, values = {} }: Needing): string | undefined {
  if (needs.length === 0) return undefined;
  const all = needs.map((need) => {
    const when = caseOf(need);
    return `${namedIn(permissionOf(need), placeOf(need, values))}${when === undefined ? '' : ` (${when})`}`;
  });
  const grants = [...new Set(needs.map((need) => permissionOf(need).grant))];
  return `${doing[operation]} ${type} needs ${all.join(', and ')}. ${grants.join(' ')}`;
}

/** What is wrong with the needs of a definition. */
export function needsProblems(needs: Needs, attributes: Attributes): string[] {
  return Object.entries(needs).flatMap(([operation, list = []]) =>
    list.flatMap((need) => {
      const { permission, at = {} } = whole(need);
      return partsOf(permission)
        .filter((part) => !Object.hasOwn(attributes, at[part] ?? part))
        .map((part) => `needs.${operation}: no attribute contains the "${part}" of "${permission.label}"; name one: at: { ${part}: ... }`);
    }),
  );
}
