import type { ApiClient, Binding, ObjectKey, Write } from '../../../schema/define/binding';
import { afterwards, AttributeError } from '../../../schema/define/errors';
import type { JsonObject } from '../../../schema/define/json';
import { notFoundIsNothing } from '../../../schema/define/rest';
import { afterCreate } from '../after-create';
import { call, getList, getObject, path, query, whoAsks } from '../calls';
import { configurationOf, decode, encode, secretsIn } from './configuration';

const base = '/repository/api/repo';

/** A repository as the server has it, passwords included; nothing when there is none. */
export const repositoryInfo = (client: ApiClient, [project = '', name = '']: ObjectKey): Promise<JsonObject | undefined> =>
  getObject(client, path(base, 'info', project, name));

/** What is wrong with the owner of a repository that `who` makes: a personal one is forbidden to everybody else, administrators too. */
export function strangerOwns({ visibility, owner }: Readonly<Record<string, unknown>>, who: string | undefined): string | undefined {
  if (visibility !== 'PERSONAL' || typeof owner !== 'string' || who === undefined || owner === who) return undefined;
  return `"${owner}" would be the only one who can read, change or delete this repository of visibility PERSONAL; the provider logs in as "${who}" and could not, not even as an administrator. Set owner = "${who}", or make the repository with a provider block that logs in as "${owner}"`;
}

/** What a category of repositories has of its own. */
export interface Category {
  readonly name: 'LOCAL' | 'REMOTE' | 'VIRTUAL' | 'COMPOSITE' | 'PROXY';
  /** Whether its configuration holds passwords, of which an update must not lose any. */
  readonly secrets: boolean;
}

/** Types whose settings the server writes into by itself. */
const written: ReadonlySet<unknown> = new Set(['HELM', 'RPM']);

/** How repositories of a category are read and written. All categories share the lists of their project. */
export function repositories(category: Category): Binding {
  const type = category.name.toLowerCase();
  const update = async (client: ApiClient, { key, body, prior }: Write): Promise<undefined> => {
    const needed = category.secrets || written.has(body['type']);
    const before = needed ? configurationOf(await repositoryInfo(client, key)) : {};
    const secrets = secretsIn(before);
    const { projectId: _project, name: _name, type: _type, quota, ...fields } = encode(body, type, before);
    // The quota first: setting it makes the repository visible, whatever it was.
    if (typeof quota === 'number' && quota !== Number(prior?.['quota'] ?? NaN))
      await call(client, { method: 'POST', path: path(base, 'quota', ...key) + query({ quota }), idempotent: true });
    await call(client, { method: 'POST', path: path(base, 'update', ...key), body: fields, secrets, idempotent: true });
  };
  return {
    constants: { category: category.name },
    uidFields: ['id'],
    async read(client, key) {
      const object = await repositoryInfo(client, key);
      return object && decode(object);
    },
    async create(client, { key, body }): Promise<JsonObject | undefined> {
      const problem = strangerOwns(body, whoAsks(client));
      if (problem !== undefined) throw new AttributeError(problem, 'owner');
      await call(client, { method: 'POST', path: `${base}/create`, body: { ...encode(body, type, {}), category: category.name } });
      const made = await afterwards(() => afterCreate(() => repositoryInfo(client, key)));
      return made && decode(made);
    },
    update,
    async remove(client, key, state) {
      // Where there is no such switch there are no files of its own to lose, only cached ones.
      const forced = state['force_destroy'] !== false;
      await notFoundIsNothing(call(client, { method: 'DELETE', path: path(base, 'delete', ...key) + query({ forced }) }));
    },
    list: {
      scope: ([project]) => `repositories of ${project}`,
      fetch: async (client, [project = '']) => (await getList(client, path(base, 'list', project))).map(decode),
      keyOf: (entry) => [String(entry['projectId']), String(entry['name'])],
    },
  };
}
