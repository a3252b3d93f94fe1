import {
  type ApiClient,
  ApiError,
  afterwards,
  attr,
  defineResource,
  error,
  isJsonObject,
  type Json,
  type JsonObject,
  listOf,
  notFoundIsNothing,
  text,
  textOf,
  warning,
  z,
} from '../../schema/define';
import { afterCreate, createOnce, forbiddenIsNothing } from './after-create';
import { call, getPages, jsonTexts, objects, path, query } from './calls';
import { projectName } from './names';
import { projectAdministrator, projectMember } from './rights';

const base = '/repository/api/project';
const toggles = { enabled: 'enabled', shareEnabled: 'enableShareArtifact' } as const;
const reserved: readonly string[] = Object.values(toggles);

/** The name under which the server keeps a project: on a server with tenants, the tenant stands before it. */
export const storedName = ({ settings: { tenantId: tenant } }: Pick<ApiClient, 'settings'>, name: string): string =>
  typeof tenant === 'string' ? `${tenant}.${name}` : name;

/** A project as its definition has it: its metadata without the server's switches, which are attributes. */
function decode(client: ApiClient, entry: JsonObject): JsonObject {
  const stored = textOf(entry.name) ?? '';
  const prefix = storedName(client, '');
  const all = new Map(listOf(entry.metadata).map((pair) => [textOf(pair.key) ?? '', pair.value ?? null]));
  return {
    ...entry,
    projectId: stored,
    name: prefix !== '' && stored.startsWith(prefix) ? stored.slice(prefix.length) : stored,
    metadata: jsonTexts(Object.fromEntries([...all].filter(([key]) => !reserved.includes(key)))),
    enabled: all.get(toggles.enabled) !== false,
    shareEnabled: all.get(toggles.shareEnabled) !== false,
  };
}

const pairs = (map: Readonly<Record<string, Json>>): Json[] => Object.entries(map).map(([key, value]) => ({ key, value }));

interface Project {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly enabled: boolean;
  readonly shareEnabled: boolean;
  readonly credentialsKey: string | undefined;
}

async function write(
  client: ApiClient,
  { name, displayName, description, metadata, enabled, shareEnabled, credentialsKey }: Project,
): Promise<void> {
  // The switches stand in the metadata, which is replaced as a whole; with them in it the list is never empty, and can so be cleared.
  const switches = pairs({ [toggles.enabled]: enabled, [toggles.shareEnabled]: shareEnabled });
  await call(client, {
    method: 'PUT',
    path: path(base, storedName(client, name)),
    body: {
      displayName,
      description,
      metadata: [...pairs(metadata), ...switches],
      ...(credentialsKey === undefined ? { useDefaultCredentialsKey: true } : { credentialsKey }),
    },
  });
}

/** The projects that the caller may see. To somebody whom the server does not know it answers with a "not found" that is of no project. */
export async function listedProjects(client: ApiClient, filter: { readonly names?: string }): Promise<readonly JsonObject[]> {
  return objects((await call(client, { method: 'GET', path: `${base}/list${query(filter)}` })) ?? [], `${base}/list`);
}

const named = (entries: readonly JsonObject[], name: string): JsonObject | undefined => entries.find((entry) => entry.name === name);

/** A project that lists do not show: some they never show, but a search by an administrator does; others the caller may not see. */
async function hidden(client: ApiClient, stored: string): Promise<JsonObject | undefined> {
  const at = path(base, 'exist', stored);
  if ((await call(client, { method: 'GET', path: at })) !== true) return undefined;
  const page = (pageNumber: number, pageSize: number): string => `${base}/search${query({ namePrefix: stored, pageNumber, pageSize })}`;
  const found = await getPages(client, (number, size) => ({ method: 'GET', path: page(number, size) }), Infinity).catch(forbiddenIsNothing);
  const entry = named(found ?? [], stored);
  if (entry) return entry;
  const message = `the project "${stored}" exists, but the provider's user has no access to it; log in as an administrator`;
  throw new ApiError(message, { code: 'forbidden', method: 'GET', url: client.endpoint + at });
}

/** A project. The server has no GET of one project. */
async function read(client: ApiClient, name: string): Promise<JsonObject | undefined> {
  const stored = storedName(client, name);
  const entry = named(await listedProjects(client, { names: stored }), stored) ?? (await hidden(client, stored));
  return entry && decode(client, entry);
}

const ownName = { project: 'name' } as const;

export const project = defineResource({
  type: 'bkrepo_project',
  description:
    'A project, which contains repositories, roles and permissions. The server never deletes a project, so its name cannot be reused.',
  apiCase: 'camel',
  attributes: {
    name: attr(projectName, 'Name of the project, unique on the server; it can never be reused.', { forceNew: true }),
    projectId: attr(
      z.string(),
      'The id by which other objects refer to the project: its name, prefixed with `<tenant>.` on a server with tenants.',
      { api: 'projectId' },
    ),
    displayName: attr(
      text((name) =>
        /^(?=.*\S).{2,100}$/su.test(name) ? undefined : `"${name}" has ${name.length} characters; allowed are 2 to 100, not all blank`,
      ),
      'Display name.',
    ),
    description: attr(z.string().default(''), 'What the project is for.'),
    metadata: attr(
      z.record(z.string().min(1), z.string()).default({}),
      'Metadata by key, e.g. `deptName`. All other keys of the project are removed.',
    ),
    enabled: attr(z.boolean().default(true), 'Whether users other than administrators may use the project.', { impact: 'grants' }),
    shareEnabled: attr(z.boolean().default(true), 'Whether temporary tokens and share links may be created for its files.', {
      impact: 'grants',
    }),
    credentialsKey: attr(
      z.string().min(1).optional(),
      "Key of the storage credentials for new repositories. If omitted, the server's default applies.",
    ),
    adoptExisting: attr(
      z.boolean().default(false),
      'Whether a create takes over an existing project of that name, e.g. one that an earlier delete left on the server, and changes it to match the configuration.',
      { api: false },
    ),
    disableOnDestroy: attr(
      z.boolean().default(false),
      'Whether a delete disables the project, which it cannot remove. Apply it before the delete.',
      {
        api: false,
      },
    ),
  },
  key: ['name'],
  derived: { projectId: ({ name }, server) => storedName(server, name) },
  uidFields: ['createdDate'],
  adoptAttribute: 'adoptExisting',
  // Whoever creates a project administers it.
  needs: {
    list: [{ permission: projectMember, at: ownName }],
    read: [{ permission: projectMember, at: ownName }],
    create: [],
    update: [{ permission: projectAdministrator, at: ownName }],
    delete: [{ permission: projectAdministrator, at: ownName, when: 'if `disable_on_destroy` is set' }],
  },
  read: ({ client, key }) => read(client, key.name),
  async create({ client, values }) {
    const { name, displayName, description, metadata, enabled, shareEnabled, credentialsKey } = values;
    const body = { name, displayName, description, metadata: pairs(metadata) };
    await createOnce({
      send: () => call(client, { method: 'POST', path: `${base}/create`, body }),
      look: () => read(client, name),
      sent: { displayName, description },
    });
    return afterwards(async () => {
      const created = await afterCreate(client, { name: `project "${name}"`, read: () => read(client, name) });
      if (enabled && shareEnabled && credentialsKey === undefined) return created;
      await write(client, values);
      return undefined;
    });
  },
  update: ({ client, values }) => write(client, values),
  // The server has no delete.
  async remove({ client, key, state }) {
    if (!state.disableOnDestroy) return;
    await notFoundIsNothing(call(client, { method: 'PUT', path: `${path(base, storedName(client, key.name), 'enabled')}?enabled=false` }));
  },
  list: {
    scope: () => base,
    fetch: async ({ client }) => (await listedProjects(client, {})).map((entry) => decode(client, entry)),
  },
  checks: [
    ({ metadata }) =>
      reserved
        .filter((key) => isJsonObject(metadata) && Object.hasOwn(metadata, key))
        .map((key) => error('Invalid Attribute Value', switched(key), ['metadata', { key }])),
  ],
  undeletable: ({ name, disableOnDestroy }) => warning('Project Stays on the Server', stays(name, disableOnDestroy)),
  example: {
    minimal: { name: 'payments', displayName: 'Payments' },
    full: {
      name: 'payments',
      displayName: 'Payments',
      description: 'What the payment teams build',
      metadata: { deptName: 'payments' },
      enabled: true,
      shareEnabled: false,
      disableOnDestroy: true,
    },
  },
});

const switched = (key: string): string =>
  `"metadata": the server reserves the key "${key}"; set the attributes "enabled" and "share_enabled" instead.`;

const stays = (name: string, disabled: boolean): string =>
  `BK-Repo cannot delete projects: "${name}" is removed from the state but stays on the server${disabled ? ', disabled' : ''}, and its name remains taken. To manage it again, set adopt_existing = true (in TypeScript: adoptExisting), or import it: terraform import bkrepo_project.<name in your configuration> '${name}'.`;
