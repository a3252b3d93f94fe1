import {
  type ApiClient,
  ApiError,
  AttributeError,
  dig,
  isJsonObject,
  type Json,
  type JsonObject,
  notFoundIsNothing,
  textOf,
  UnexpectedAnswer,
  until,
} from '../../../schema/define';
import { periodSeconds, periodText } from '../../../common/kubesphere/sync-period';
import { schemeOf } from '../../../common/kubesphere/url';
import { unread, withoutUserinfo } from '../decode-error';
import { failedWith, itemsAt, lacking, namesAt, path, reading, validateAt } from './calls';
import {
  type Change,
  type Credentials,
  first,
  type Generation,
  type Mark,
  type Repository,
  type RepositoryKey,
  validatingTimeout,
  type Wanted,
  type Written,
} from './generation';
import { joinUserinfo } from './userinfo';

const base = '/kapis/openpitrix.io/v1';
/** The objects behind the entries, with their labels. */
const objects = '/kapis/openpitrix.io/v2alpha1/workspaces';
const workspaces = '/kapis/tenant.kubesphere.io/v1alpha2/workspaces';

const under = (workspace: string | undefined): string => (workspace === undefined ? base : path(`${base}/workspaces`, workspace));
const collection = (workspace: string | undefined): string => `${under(workspace)}/repos`;
const item = ({ workspace }: Pick<RepositoryKey, 'workspace'>, id: string): string => path(collection(workspace), id);

/** The credentials of an entry, which are a JSON text. */
function credentialsIn(entry: JsonObject): { readonly [field: string]: string } {
  try {
    const parsed: unknown = JSON.parse(textOf(entry.credential) ?? '{}');
    return isJsonObject(parsed)
      ? Object.fromEntries(Object.entries(parsed).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])))
      : {};
  } catch {
    return {};
  }
}

/** An entry as the resource has it. It does not say in which workspace it is: that of the list. */
function decode(entry: JsonObject, workspace: string | undefined): Repository {
  const [id, name] = [textOf(entry.repo_id), textOf(entry.name)];
  if (id === undefined || name === undefined) throw new UnexpectedAnswer('a repository in the answer has no repo_id or no name');
  const { username, accessKeyID } = credentialsIn(entry);
  return {
    id,
    uid: id,
    name,
    workspace: workspace ?? '',
    display_name: '',
    url: textOf(entry.url) ?? '',
    username: username || null,
    access_key_id: accessKeyID || null,
    description: textOf(entry.description) ?? '',
    sync_period: periodText(Math.max(0, periodSeconds(textOf(entry.sync_period) ?? '0') ?? 0)),
    status: textOf(entry.status) ?? null,
    creator: textOf(entry.creator) ?? null,
    create_time: textOf(entry.create_time) ?? null,
    last_update_time: null,
  };
}

/** The address and the credentials, which have to be sent together: for HTTP they stand in the URL, for S3 beside it. */
const sourceOf = ({ url, credentials }: Wanted): JsonObject => ({
  url: credentials && 'username' in credentials ? joinUserinfo(url, credentials) : url,
  credential:
    credentials && 'accessKeyId' in credentials
      ? JSON.stringify({ accessKeyID: credentials.accessKeyId, secretAccessKey: credentials.secretAccessKey })
      : '{}',
});

const encode = (wanted: Wanted): JsonObject => ({
  name: wanted.name,
  ...sourceOf(wanted),
  type: schemeOf(wanted.url),
  visibility: 'public',
  providers: ['kubernetes'],
  description: wanted.description,
  sync_period: `${wanted.syncSeconds}s`,
});

const secretsIn = (credentials: Credentials): string[] =>
  credentials === undefined ? [] : ['password' in credentials ? credentials.password : credentials.secretAccessKey];

const slowly = (client: ApiClient, { credentials }: Wanted): { timeout: number; secrets: string[] } => ({
  timeout: validatingTimeout(client),
  secrets: secretsIn(credentials),
});

/** Names with a comma would end the condition of a search. */
const searchFor = (name: string): string =>
  name.includes(',') ? '' : `&${new URLSearchParams({ conditions: `keyword=${name}` }).toString()}`;

/** The entries of a name: mostly one, but of several creates at the same time the server does not notice each. */
async function named(client: ApiClient, { workspace, name }: RepositoryKey): Promise<readonly JsonObject[]> {
  const found = await itemsAt(client, `${collection(workspace)}?limit=-1${searchFor(name)}`);
  return found.filter((one) => one.name === name);
}

async function find(client: ApiClient, key: RepositoryKey, id?: string): Promise<Repository | undefined> {
  const found = await named(client, key);
  const entry = found.find((one) => one.repo_id === id) ?? found[0];
  return entry && decode(entry, key.workspace);
}

const entryAt = (client: ApiClient, key: RepositoryKey, id: string): Promise<JsonObject | undefined> => client.find(item(key, id));

const initialMark = (): Mark => first;

async function create(client: ApiClient, wanted: Wanted): Promise<Written> {
  const answer = await reading(client.post(collection(wanted.workspace), encode(wanted), slowly(client, wanted)));
  const id = textOf(answer?.repo_id);
  if (id === undefined) throw new UnexpectedAnswer(`the answer to POST ${collection(wanted.workspace)} has no repo_id`);
  const all = await named(client, wanted).catch(() => []);
  const time = textOf(all.find((one) => one.repo_id === id)?.create_time);
  // Of two of the same second, which cannot be told apart, each gives way.
  const isLater = (other: string | undefined): boolean => time !== undefined && other !== undefined && other > time;
  if (all.some((one) => one.repo_id !== id && !isLater(textOf(one.create_time)))) await giveWay(client, wanted, id);
  return { id, mark: initialMark() };
}

/** Removes a repository whose name another one got at the same time, or before. */
async function giveWay(client: ApiClient, wanted: Wanted, id: string): Promise<never> {
  await remove(client, wanted, id);
  const message = `another repository got the name "${wanted.name}" at the same time, so this one was removed again`;
  throw new ApiError(message, { code: 'conflict', method: 'POST', url: client.endpoint + collection(wanted.workspace) });
}

const validate = (client: ApiClient, wanted: Wanted): Promise<void> =>
  validateAt(client, collection(wanted.workspace), { body: encode(wanted), secrets: secretsIn(wanted.credentials) });

async function remove(client: ApiClient, key: RepositoryKey, id: string): Promise<void> {
  refuseBuiltin(id);
  await client.delete(item(key, id));
  await until(client, {
    what: `the repository "${key.name}" to be gone, which the server's controller completes`,
    read: async () => (await entryAt(client, key, id)) === undefined,
    pauses: [50, 100, 200, 400, 1000],
  });
}

/** The installer applies these again with every upgrade. */
function refuseBuiltin(id: string): void {
  if (!id.startsWith('builtin-')) return;
  throw new AttributeError(
    `the repository "${id}" belongs to the installer of KubeSphere, which restores it; leave it to the installer`,
    'name',
  );
}

/**
 * Writes a change. The server reads a changed URL with the credentials that it has, so it refuses correct new ones; then the repository is
 * replaced by one with them, once the server has read that one's index.
 */
async function update(client: ApiClient, { id, wanted, source }: Change): Promise<Written> {
  refuseBuiltin(id);
  const mark = source ? await markOf(client, wanted, id) : undefined;
  const { description, syncSeconds } = wanted;
  const body = { description, sync_period: `${syncSeconds}s`, ...(source && sourceOf(wanted)) };
  try {
    await reading(client.patch(item(wanted, id), body, { ...slowly(client, wanted), idempotent: true }));
    return { id, mark };
  } catch (thrown) {
    if (!source || wanted.credentials === undefined || !failedWith(thrown, 'invalid')) throw thrown;
    await validate(client, wanted);
    client.log('replacing a repository, because the server refuses its new credentials', { id });
    await remove(client, wanted, id);
    return create(client, wanted);
  }
}

/** The syncs of a repository, the newest first. */
const events = (client: ApiClient, key: RepositoryKey, id: string): Promise<readonly JsonObject[]> =>
  itemsAt(client, `${item(key, id)}/events`);

const markOf = async (client: ApiClient, key: RepositoryKey, id: string): Promise<string> => markIn(await events(client, key, id));

const markIn = (all: readonly JsonObject[]): string => JSON.stringify([all.length, all[0]?.create_time, all[0]?.status]);

/** KubeSphere 3: repositories are entries with an id that the server gives them. */
export const v3: Generation = {
  collection,
  async list(client, workspace) {
    const all = await itemsAt(client, `${collection(workspace)}?limit=-1`);
    const times = new Map<Json | undefined, number>();
    for (const { name } of all) times.set(name, (times.get(name) ?? 0) + 1);
    // Those of one name are found one by one, by their ids.
    return all.filter(({ name }) => times.get(name) === 1).map((entry) => decode(entry, workspace));
  },
  find,
  idOf: async (client, key, known) => (await find(client, key, known))?.id,
  // Names are those of their workspace only.
  elsewhere: () => Promise.resolve(undefined),
  syncNote: 'KubeSphere 3 syncs at most once a minute, and pauses for up to 10 minutes after failures.',
  async keyOfId(client, importId) {
    const [, workspace, id] = /^(?:([^/]+)\/)?((?:repo|builtin)-[^/]+)$/.exec(importId) ?? [];
    if (id === undefined) return undefined;
    const object = await client.find(path(objects, workspace ?? 'system-workspace', 'repos', id));
    const name = object && textOf(dig(object, ['spec', 'name']));
    if (name === undefined && workspace === undefined) throw lacking(client, importId);
    if (name === undefined) return undefined;
    return { name, workspace: textOf(dig(object ?? {}, ['metadata', 'labels', 'kubesphere.io/workspace'])) || undefined };
  },
  places: async (client) => [...(await namesAt(client, `${workspaces}?limit=-1`)), undefined],
  async hasWorkspace(client, workspace) {
    const notTold = (thrown: unknown): true => {
      if (failedWith(thrown, 'forbidden', 'unexpected-answer')) return true;
      throw thrown;
    };
    return (await notFoundIsNothing(client.get(path(workspaces, workspace))).catch(notTold)) !== undefined;
  },
  validate,
  create,
  initialMark,
  update,
  shown(client, wanted, id) {
    return until(client, {
      what: `the repository "${wanted.name}" to be readable`,
      read: async () => {
        const entry = await entryAt(client, wanted, id);
        return entry && decode(entry, wanted.workspace);
      },
      within: 10_000,
      pauses: [50, 100, 200, 400, 800],
    });
  },
  remove,
  async credentialsOf(client, key, id) {
    const { username, password = '', accessKeyID, secretAccessKey = '' } = credentialsIn((await entryAt(client, key, id)) ?? {});
    if (accessKeyID !== undefined) return { accessKeyId: accessKeyID, secretAccessKey };
    return username === undefined ? undefined : { username, password };
  },
  async sync(client, key, id) {
    const mark = await markOf(client, key, id);
    await client.post(`${item(key, id)}/action`, { action: 'index' }, { idempotent: true });
    return mark;
  },
  async isSynced(client, { key, id, mark }) {
    const all = await events(client, key, id);
    const [newest] = all;
    if (newest === undefined || markIn(all) === mark) return false;
    if (newest.status !== 'failed') return newest.status === 'successful';
    const reason = withoutUserinfo(textOf(newest.result) ?? 'the server does not say why');
    const url = client.endpoint + item(key, id);
    throw new ApiError(`the server could not sync the repository "${key.name}": ${reason}`, {
      code: 'invalid',
      method: 'GET',
      url,
      advice: unread,
    });
  },
  async applications(client, { workspace, id }) {
    const query = new URLSearchParams({ conditions: `repo_id=${id}`, limit: '-1' }).toString();
    return (await itemsAt(client, `${under(workspace || undefined)}/apps?${query}`)).map(application);
  },
};

function application(entry: JsonObject): JsonObject {
  const text = (field: string): string => textOf(entry[field]) ?? '';
  return {
    id: text('app_id'),
    name: text('name'),
    description: text('description'),
    home: text('home'),
    icon: text('icon'),
    status: text('status'),
    create_time: textOf(entry.create_time) ?? null,
  };
}
