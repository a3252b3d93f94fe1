import {
  type ApiClient,
  AttributeError,
  dig,
  type Json,
  type JsonObject,
  numberOf,
  textOf,
  UnexpectedAnswer,
  until,
} from '../../../schema/define';
import { aliasAnnotation, creatorAnnotation, repositoryKinds, workspaceLabel } from '../../../common/kubesphere/objects';
import { periodText } from '../../../common/kubesphere/sync-period';
import { isModifiedMeanwhile } from '../decode-error';
import { failedWith, itemsAt, lacking, namesAt, path, reading, systemWorkspace, validateAt } from './calls';
import {
  type Credentials,
  first,
  type Generation,
  type Mark,
  type Repository,
  type RepositoryKey,
  shows,
  validatingTimeout,
  type Wanted,
} from './generation';
import { joinUserinfo, splitUserinfo } from './userinfo';

const base = '/kapis/application.kubesphere.io/v2';
const workspaces = '/kapis/tenant.kubesphere.io/v1beta1/workspacetemplates';

const repositoryLabel = 'application.kubesphere.io/repo-name';

const under = (workspace: string | undefined): string => path(`${base}/workspaces`, workspace ?? systemWorkspace);
const collection = (workspace: string | undefined): string => `${under(workspace)}/repos`;
const item = ({ workspace, name }: RepositoryKey): string => path(collection(workspace), name);

const label = (object: JsonObject, name: string): Json | undefined => dig(object, ['metadata', 'labels', name]);
const annotation = (object: JsonObject, name: string): Json | undefined => dig(object, ['metadata', 'annotations', name]);

/** The user and password of a repository: those in its URL, or those that its object has besides. */
function credentialsIn(object: JsonObject): { username: string; password: string } | undefined {
  const { username, password } = splitUserinfo(textOf(dig(object, ['spec', 'url'])) ?? '');
  const own = (field: string): string | undefined => textOf(dig(object, ['spec', 'credential', field])) || undefined;
  const user = own('username') ?? username;
  return user === undefined || user === '' ? undefined : { username: user, password: own('password') ?? password ?? '' };
}

/** An object as the resource has it. Servers before 4.1.3 do not return a period of 0, and a state comes with the first look of the controller. */
function decode(object: JsonObject): Repository {
  const name = textOf(dig(object, ['metadata', 'name']));
  if (name === undefined) throw new UnexpectedAnswer('a repository in the answer has no metadata.name');
  return {
    id: name,
    uid: textOf(dig(object, ['metadata', 'uid'])) ?? null,
    name,
    workspace: textOf(label(object, workspaceLabel)) ?? '',
    display_name: textOf(annotation(object, aliasAnnotation)) ?? '',
    url: splitUserinfo(textOf(dig(object, ['spec', 'url'])) ?? '').url,
    username: credentialsIn(object)?.username ?? null,
    access_key_id: null,
    description: textOf(dig(object, ['spec', 'description'])) ?? '',
    sync_period: periodText(numberOf(dig(object, ['spec', 'syncPeriod'])) ?? 0),
    status: textOf(dig(object, ['status', 'state'])) ?? null,
    creator: textOf(annotation(object, creatorAnnotation)) ?? null,
    create_time: textOf(dig(object, ['metadata', 'creationTimestamp'])) ?? null,
    last_update_time: textOf(dig(object, ['status', 'lastUpdateTime'])) ?? null,
  };
}

/** The object to send; a PATCH replaces all of it. Of credentials the server keeps only those in the URL. */
const encode = ({ workspace, name, displayName, url, credentials, description, syncSeconds }: Wanted): JsonObject => ({
  ...repositoryKinds[4],
  metadata: {
    name,
    labels: { [workspaceLabel]: workspace ?? systemWorkspace },
    annotations: { [aliasAnnotation]: displayName },
  },
  spec: {
    url: credentials && 'username' in credentials ? joinUserinfo(url, credentials) : url,
    syncPeriod: syncSeconds,
    description,
  },
});

/** Why a repository vanishes right after it was created. */
const orphaned = 'its workspace does not exist, or is being deleted';

const secretsIn = (credentials: Credentials): string[] => (credentials && 'password' in credentials ? [credentials.password] : []);

const objectAt = async (client: ApiClient, key: RepositoryKey): Promise<JsonObject | undefined> => client.find(item(key));

/** Every write of an object changes it, those of the controller too. */
const versionOf = (object: JsonObject | undefined): string => textOf(dig(object ?? {}, ['metadata', 'resourceVersion'])) ?? '';

/** Paths do not tell workspaces apart, labels do. */
async function find(client: ApiClient, key: RepositoryKey): Promise<Repository | undefined> {
  const object = await objectAt(client, key);
  const found = object && decode(object);
  return found && found.workspace === (key.workspace ?? systemWorkspace) ? found : undefined;
}

/** A write that fails because the controller writes the object too, or because reads do not show the object yet. */
const settlesSoon = (thrown: unknown, fresh: boolean): boolean =>
  (failedWith(thrown, 'conflict') && isModifiedMeanwhile(thrown.message)) || (fresh && failedWith(thrown, 'not-found'));

/** Repeats a write while the object is in motion. */
async function steadily(client: ApiClient, what: string, write: () => Promise<unknown>): Promise<void> {
  let fresh = true;
  const started = performance.now();
  await until(client, {
    what,
    read: async () => (await write(), true),
    notYet: (thrown) => {
      fresh &&= performance.now() - started < 3000;
      return settlesSoon(thrown, fresh);
    },
    within: 15_000,
    pauses: [100, 200, 400, 800],
  });
}

const initialMark = ({ syncSeconds }: Wanted): Mark | undefined => (syncSeconds > 0 ? first : undefined);

/** KubeSphere 4: repositories are objects of the kind Repo. */
export const v4: Generation = {
  collection,
  async list(client, workspace) {
    const all = (await itemsAt(client, collection(workspace))).map(decode);
    // Those that everybody sees are in every list.
    return all.filter((one) => one.workspace === (workspace ?? systemWorkspace));
  },
  find,
  idOf: (_, { name }) => Promise.resolve(name),
  async elsewhere(client, key) {
    const object = await objectAt(client, key);
    const workspace = object && decode(object).workspace;
    return workspace === (key.workspace ?? systemWorkspace) ? undefined : workspace;
  },
  syncNote: 'Why an index cannot be read, KubeSphere 4 writes only to the log of its ks-controller-manager.',
  async keyOfId(client, importId) {
    if (importId.includes('/')) return undefined;
    const object = await client.find(path(`${base}/repos`, importId));
    if (!object) throw lacking(client, importId);
    const { workspace } = decode(object);
    if (workspace === '')
      throw new AttributeError(
        `the repository "${importId}" has no label "${workspaceLabel}", so it belongs to no workspace; set the label, then import it`,
        'workspace',
      );
    return { name: importId, workspace };
  },
  places: (client) => namesAt(client, workspaces),
  async hasWorkspace(client, workspace) {
    return workspace === systemWorkspace || (await client.find(path(workspaces, workspace))) !== undefined;
  },
  async validate(client, wanted) {
    await validateAt(client, collection(wanted.workspace), { body: encode(wanted), secrets: secretsIn(wanted.credentials) });
  },
  async create(client, wanted) {
    const options = { timeout: validatingTimeout(client), secrets: secretsIn(wanted.credentials) };
    await reading(client.post(collection(wanted.workspace), encode(wanted), options));
    return { id: wanted.name, mark: initialMark(wanted) };
  },
  initialMark,
  async update(client, { id, wanted }) {
    const options = { timeout: validatingTimeout(client), secrets: secretsIn(wanted.credentials), idempotent: true };
    const write = (): Promise<unknown> => reading(client.patch(item(wanted), encode(wanted), options));
    await steadily(client, `the repository "${wanted.name}" to take the change`, write);
    return { id, mark: undefined };
  },
  shown(client, wanted) {
    return until(client, {
      what: `the repository "${wanted.name}" to be readable as it was written; if it is not there at all, ${orphaned}`,
      read: async () => {
        const found = await find(client, wanted);
        return found && shows(found, wanted) ? found : undefined;
      },
      within: 10_000,
      pauses: [50, 100, 200, 400, 800],
    });
  },
  async remove(client, key) {
    await steadily(client, `the repository "${key.name}" to take the delete`, () => client.delete(item(key)));
    await until(client, {
      what: `the repository "${key.name}" to be gone`,
      read: async () => (await objectAt(client, key)) === undefined,
      pauses: [50, 100, 200, 400, 1000],
    });
  },
  async credentialsOf(client, key) {
    const object = await objectAt(client, key);
    return object && credentialsIn(object);
  },
  async sync(client, key) {
    const mark = versionOf(await objectAt(client, key));
    const write = (): Promise<unknown> => client.post(`${item(key)}/action`, {}, { idempotent: true });
    await steadily(client, `the repository "${key.name}" to take the request to sync`, write);
    return mark;
  },
  async isSynced(client, { key, mark }) {
    const object = await objectAt(client, key);
    if (!object) throw new AttributeError(`the server removed the repository "${key.name}": ${orphaned}`, 'workspace');
    // The status stays "successful" until the sync begins, and the times have whole seconds.
    return versionOf(object) !== mark && dig(object, ['status', 'state']) === 'successful';
  },
  async applications(client, { workspace, name }) {
    const query = new URLSearchParams({ labelSelector: `${repositoryLabel}=${name}` }).toString();
    return (await itemsAt(client, `${under(workspace)}/apps?${query}`)).map(application);
  },
};

function application(object: JsonObject): JsonObject {
  const id = textOf(dig(object, ['metadata', 'name'])) ?? '';
  const text = (...at: readonly string[]): string | null => textOf(dig(object, at)) ?? null;
  return {
    id,
    name: textOf(annotation(object, 'application.kubesphere.io/app-originalName')) ?? textOf(annotation(object, aliasAnnotation)) ?? id,
    description: textOf(annotation(object, 'kubesphere.io/description')) ?? '',
    home: text('spec', 'appHome') ?? '',
    icon: text('spec', 'icon') ?? '',
    status: text('status', 'state') ?? '',
    create_time: text('metadata', 'creationTimestamp'),
  };
}
