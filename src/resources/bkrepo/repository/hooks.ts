import {
  afterwards,
  type ApiClient,
  AttributeError,
  type JsonObject,
  known,
  type MaybeUnknown,
  notFoundIsNothing,
} from '../../../schema/define';
import { afterCreate } from '../after-create';
import { call, callerOf, getList, getObject, path, query } from '../calls';
import { configurationOf, decode, encode, secretsIn } from './configuration';

const base = '/repository/api/repo';

/** What names a repository. */
export interface RepositoryKey {
  readonly project: string;
  readonly name: string;
}

/** A repository as the server has it, passwords included; nothing when there is none. */
export const repositoryInfo = (client: ApiClient, { project, name }: RepositoryKey): Promise<JsonObject | undefined> =>
  getObject(client, path(base, 'info', project, name));

/** The visibility of a repository. */
interface Ownership {
  readonly visibility: MaybeUnknown<string | undefined>;
  readonly owner: MaybeUnknown<string | undefined>;
}

/** What is wrong with the owner of a repository that `caller` creates: a personal one is forbidden to everybody else, administrators too. */
export function strangerOwns(values: Ownership, caller: string | undefined): string | undefined {
  const owner = known(values.owner);
  if (values.visibility !== 'PERSONAL' || owner === undefined || caller === undefined || owner === caller) return undefined;
  return `only "${owner}" could read, change or delete this repository of visibility PERSONAL; the provider logs in as "${caller}" and could not, not even as an administrator. Set owner = "${caller}", or use a provider block that logs in as "${owner}"`;
}

/** What a category of repositories has of its own. */
export interface Category {
  readonly name: 'LOCAL' | 'REMOTE' | 'VIRTUAL' | 'COMPOSITE' | 'PROXY';
  /** Whether its configuration holds passwords, of which an update must not lose any. */
  readonly secrets: boolean;
}

interface Write {
  readonly client: ApiClient;
  readonly key: RepositoryKey;
  readonly body: JsonObject;
  readonly values: {
    readonly type: string;
    readonly visibility: string;
    readonly owner: string | undefined;
    readonly quota: number | undefined;
  };
}

/** How any repository is read; all categories share the lists of their project. */
export const anyRepository = {
  async read({ client, key }: Pick<Write, 'client' | 'key'>): Promise<JsonObject | undefined> {
    const object = await repositoryInfo(client, key);
    return object && decode(object);
  },
  list: {
    scope: ({ key: { project } }: Pick<Write, 'key'>) => `repositories of ${project}`,
    omits:
      'repositories with visibility SYSTEM, PERSONAL ones of other users, and, unless you manage the project, those with display = false',
    fetch: async ({ client, key: { project } }: Pick<Write, 'client' | 'key'>) =>
      (await getList(client, path(base, 'list', project))).map(decode),
  },
};

/** Types whose settings the server writes into by itself. */
const written: ReadonlySet<string> = new Set(['HELM', 'RPM']);

/** How repositories of a category are written. */
export function repositoryHooks({ name: category, secrets: holdsSecrets }: Category) {
  const type = category.toLowerCase();
  return {
    ...anyRepository,
    constants: { category },
    uidFields: ['id'],
    async create({ client, key, body, values }: Write): Promise<JsonObject | undefined> {
      const problem = strangerOwns(values, callerOf(client));
      if (problem !== undefined) throw new AttributeError(problem, 'owner');
      await call(client, { method: 'POST', path: `${base}/create`, body: { ...encode(body, type, {}), category } });
      const name = `repository "${key.project}/${key.name}"`;
      return decode(await afterwards(() => afterCreate(client, { name, read: () => repositoryInfo(client, key) })));
    },
    async update({ client, key, body, values, prior }: Write & { readonly prior?: Pick<Write['values'], 'quota'> }): Promise<void> {
      const needed = holdsSecrets || written.has(values.type);
      const before = needed ? configurationOf(await repositoryInfo(client, key)) : {};
      const secrets = secretsIn(before);
      const { projectId: _project, name: _name, type: _type, quota: _quota, ...fields } = encode(body, type, before);
      const at = (what: string): string => path(base, what, key.project, key.name);
      // The quota first: setting it makes the repository visible, whatever it was.
      if (values.quota !== undefined && values.quota !== prior?.quota)
        await call(client, { method: 'POST', path: at('quota') + query({ quota: values.quota }), idempotent: true });
      await call(client, { method: 'POST', path: at('update'), body: fields, secrets, idempotent: true });
    },
    async remove({ client, key, state }: Pick<Write, 'client' | 'key'> & { readonly state: object }): Promise<void> {
      // Where there is no such switch there are no files of its own to lose, only cached ones.
      const forced = !('forceDestroy' in state) || state.forceDestroy !== false;
      await notFoundIsNothing(call(client, { method: 'DELETE', path: path(base, 'delete', key.project, key.name) + query({ forced }) }));
    },
  };
}
