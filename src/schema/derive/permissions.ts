import {
  caseOf,
  isIncluded,
  nameOf,
  type Need,
  type Needs,
  type Operation,
  type Permission,
  permissionOf,
  permissionsOf,
} from '../define/needs';
import type { ProviderDefinition } from '../define/provider';

/** Titles of operations, in the order of tables. */
const titles = {
  list: 'List',
  read: 'Read',
  create: 'Create',
  update: 'Update',
  delete: 'Delete',
  copyFrom: 'Copy from',
  copyTo: 'Copy to',
  open: 'Open',
  close: 'Close',
  invoke: 'Run',
} as const;
const columns = ['list', 'read', 'create', 'update', 'delete'] as const;

type Kind = 'resources' | 'dataSources' | 'ephemerals' | 'actions';

/** What a command does, and with what. */
interface Command {
  readonly names: string;
  readonly operations: readonly Operation[];
  /** @default everything */
  readonly kinds?: readonly Kind[];
  readonly note?: string;
  /** The operation that types must have. @default any */
  readonly only?: Operation;
}

const commands: readonly Command[] = [
  { names: '`terraform plan`, `cdktf diff`, `repoform diff`', operations: ['read', 'open', 'close'] },
  {
    names: '`terraform apply`, `cdktf deploy`',
    operations: ['read', 'create', 'update', 'delete', 'open', 'close', 'invoke'],
    note: 'of the writes, those that are planned',
  },
  { names: '`terraform destroy`, `cdktf destroy`', operations: ['read', 'delete', 'open', 'close'] },
  { names: '`terraform import`', operations: ['read'], kinds: ['resources'] },
  {
    names: '`terraform query`, `repoform adopt`, `repoform graph --endpoint`, `repoform check --endpoint`',
    operations: ['list', 'read'],
    kinds: ['resources'],
  },
  { names: '`repoform copy-files`, at the server that files are copied from', operations: ['list', 'read', 'copyFrom'], only: 'copyFrom' },
  { names: '`repoform copy-files`, at the other one', operations: ['list', 'read', 'copyTo'], only: 'copyTo' },
  { names: '`repoform run`', operations: ['invoke'] },
];

interface Row {
  readonly type: string;
  readonly needs?: Needs;
}

/** A request that a provider sends: its method, and its path with the attributes in it in braces. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  /** What sends it, e.g. `read`, `create`. */
  readonly operations: readonly string[];
}

/** The page of what operations and commands need at the server; nothing if the provider does not say how its server decides. */
export function permissionsPage(provider: ProviderDefinition, requests: readonly SentRequest[] = []): string | undefined {
  const { access, title, name } = provider;
  if (access === undefined) return undefined;
  const groups = [
    ['Data sources', provider.dataSources, 'read'],
    ['Ephemeral resources', provider.ephemerals ?? [], 'open'],
    ['Actions', provider.actions ?? [], 'invoke'],
  ] as const;
  const all = permissionsOf(provider);
  const stated = all.length > 0;
  return [
    `---\npage_title: "Permissions - ${name}"\ndescription: ${JSON.stringify(`What operations and commands need at ${title}.`)}\n---`,
    `# Permissions at ${title}`,
    access,
    ...(stated
      ? [
          legend(all),
          resourceTable(provider),
          ...groups.map(([kind, list, operation]) => simpleTable(kind, list, operation)),
          commandTable(provider),
        ]
      : []),
    ...(requests.length > 0 ? [requestTable(requests)] : []),
  ]
    .filter((section) => section !== '')
    .join('\n\n')
    .concat('\n');
}

function legend(all: readonly Permission[]): string {
  const rows = all.map((one) => {
    const included = (one.includes ?? []).map(({ label }) => label);
    const includes = included.length > 0 ? ` Includes ${listed(included)}.` : '';
    return `| ${one.label} | ${nameOf(one)} | ${one.grant}${includes} |\n`;
  });
  return `## What there is to grant\n\n| permission | what it is | who grants it, and how |\n| --- | --- | --- |\n${rows.join('')}`.trimEnd();
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** What a list of needs comes to, for a cell; what comes with another one is left out. */
function cell(needs: readonly Need[] | undefined): string {
  if (needs === undefined) return '';
  if (needs.length === 0) return 'any login';
  const texts = needs.map((need) => `${permissionOf(need).label}${caseOf(need) === undefined ? '' : ` (${caseOf(need)})`}`);
  return texts.join('; ');
}

function resourceTable({ resources, name }: ProviderDefinition): string {
  const rows = resources
    .filter(({ needs }) => needs !== undefined)
    .map(({ type, needs = {} }) => {
      const link = `[${type}](resources/${type.slice(name.length + 1)}.md)`;
      return `| ${link} | ${columns.map((operation) => cell(needs[operation])).join(' | ')} |\n`;
    });
  const heads = columns.map((operation) => titles[operation].toLowerCase()).join(' | ');
  return `## Resources\n\nEvery operation reads the object first, so each needs what "read" needs too. Lists show only what the login may see.\n\n| resource | ${heads} |\n| --- | ${columns.map(() => '---').join(' | ')} |\n${rows.join('')}`.trimEnd();
}

function simpleTable(kind: string, definitions: readonly Row[], operation: Operation): string {
  const rows = definitions
    .filter(({ needs }) => needs !== undefined)
    .map(({ type, needs = {} }) => `| ${type} | ${cell(needs[operation])} |\n`);
  return rows.length === 0 ? '' : `## ${kind}\n\n| type | needs |\n| --- | --- |\n${rows.join('')}`.trimEnd();
}

/** What commands need for everything that the provider has; a stack with less needs less. */
function commandTable(provider: ProviderDefinition): string {
  const rows = commands.map(({ names, operations, kinds = ['resources', 'dataSources', 'ephemerals', 'actions'], note, only }) => {
    const all = kinds.flatMap((kind): readonly Row[] => provider[kind] ?? []);
    const used = all.filter(({ needs }) => only === undefined || needs?.[only] !== undefined);
    const what = operations.filter((operation) => used.some(({ needs }) => needs?.[operation] !== undefined));
    if (what.length === 0) return '';
    const needs = used.flatMap((one) => what.flatMap((operation) => one.needs?.[operation] ?? []));
    const permissions = [...new Set(needs.map(permissionOf))];
    const labels = permissions.filter((one) => !permissions.some((other) => isIncluded(one, other))).map(({ label }) => label);
    return `| ${names} | ${what.map((one) => titles[one].toLowerCase()).join(', ')}${note === undefined ? '' : `; ${note}`} | ${labels.join(', ') || 'any login'} |\n`;
  });
  return `## Commands\n\nA command needs what its operations need for the types that a stack has, or that it is told to look for. The last column has what is enough for all types.\n\n| command | operations | enough for all types |\n| --- | --- | --- |\n${rows.join('')}| \`repoform doctor\` | none | any login |\n`.trimEnd();
}

function requestTable(requests: readonly SentRequest[]): string {
  const rows = requests.map(({ method, path, operations }) => `| ${method} | \`${path}\` | ${operations.join(', ')} |\n`);
  return `## Requests\n\nWhat a proxy has to let through, by operation. Paths stand below the endpoint, and without their queries.\n\n| method | path | sent by |\n| --- | --- | --- |\n${rows.join('')}`.trimEnd();
}

/** The section of a page about what its type needs; nothing if that is not stated. */
export function needsSection(definition: Row): string {
  const { needs } = definition;
  if (needs === undefined) return '';
  const lines = (Object.keys(titles) as Operation[]).flatMap((operation) => {
    const list = needs[operation];
    if (list === undefined) return [];
    const texts = list.map((need) => `${nameOf(permissionOf(need))}${caseOf(need) === undefined ? '' : `, ${caseOf(need)}`}`);
    return [`- **${titles[operation]}:** ${texts.length === 0 ? 'any login' : texts.join('; ')}`];
  });
  return `## Permissions\n\n${lines.join('\n')}\n\n[Permissions](../permissions.md) says how they are granted.`;
}
