import type { ApiClient, Binding, ObjectKey, Write } from '../../../schema/binding';
import { afterwards } from '../../../schema/half-made';
import type { JsonObject } from '../../../schema/json';
import { notFoundIsNothing } from '../../../schema/rest';
import { afterCreate } from '../after-create';
import { call, getList, getObject, path, query } from '../calls';
import { configurationOf, decode, encode, secretsIn } from './configuration';

const base = '/repository/api/repo';
const info = ([project = '', name = '']: ObjectKey): string => path(base, 'info', project, name);

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
    const before = needed ? configurationOf(await getObject(client, info(key))) : {};
    const secrets = secretsIn(before);
    const { projectId: _project, name: _name, type: _type, quota, ...fields } = encode(body, type, before);
    // The quota first: setting it makes the repository visible, whatever it was.
    if (typeof quota === 'number' && quota !== Number(prior?.['quota'] ?? NaN))
      await call(client, { method: 'POST', path: path(base, 'quota', ...key) + query({ quota }), idempotent: true });
    await call(client, { method: 'POST', path: path(base, 'update', ...key), body: fields, secrets, idempotent: true });
  };
  return {
    constants: { category: category.name },
    marks: ['id'],
    async read(client, key) {
      const object = await getObject(client, info(key));
      return object && decode(object);
    },
    async create(client, { key, body }): Promise<JsonObject | undefined> {
      await call(client, { method: 'POST', path: `${base}/create`, body: { ...encode(body, type, {}), category: category.name } });
      const made = await afterwards(() => afterCreate(() => getObject(client, info(key))));
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
