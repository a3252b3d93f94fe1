import {
  afterwards,
  type ApiClient,
  ApiError,
  AttributeError,
  defineResource,
  type Diagnostic,
  type JsonObject,
  UnexpectedAnswer,
  until,
  type Values,
  type VolatileHooks,
  warning,
} from '../../schema/define';
import { durationMilliseconds } from '../../common/duration';
import { periodSeconds } from '../../common/kubesphere/sync-period';
import { completeUrl } from '../../common/kubesphere/url';
import { snakeCase } from '../../common/names';
import { hasNamedObjects } from '../../common/kubesphere/version';
import { attributes, type RepositoryAttributes } from './attributes';
import { checkDoubts, checkRepository, planReplacement, planVersion, refuse } from './checks';
import { lacksAction } from './decode-error';
import {
  type Credentials,
  type Generation,
  type Mark,
  type Repository,
  type RepositoryKey,
  shows,
  type Wanted,
  type Written,
} from './generations/generation';
import {
  createRepositories,
  deleteRepositories,
  getEvents,
  getRepositories,
  listRepositories,
  patchRepositories,
  syncRepositories,
} from './rights';
import { sections } from './sections';
import { systemWorkspace } from './generations/calls';
import { serverOf } from './server';
import { otherForms } from './manifests';
import { planWorkspace, requireWorkspace } from './workspaces';

type Repositories = Values<RepositoryAttributes>;

/** The credentials in the values to write; write-only ones are in them only when they are sent. */
export function credentialsIn(values: Partial<Repositories>, kept?: Credentials): Credentials {
  const { username, accessKeyId } = values;
  const password = values.password ?? values.passwordWo;
  const secretAccessKey = values.secretAccessKey ?? values.secretAccessKeyWo;
  if (username !== undefined) return { username, password: password ?? (kept && 'password' in kept ? kept.password : lost('passwordWo')) };
  if (accessKeyId !== undefined)
    return {
      accessKeyId,
      secretAccessKey: secretAccessKey ?? (kept && 'secretAccessKey' in kept ? kept.secretAccessKey : lost('secretAccessKeyWo')),
    };
  return undefined;
}

function lost(attribute: string): never {
  throw new AttributeError(
    'the server has none, and none is sent, because it is not set or did not change; set it, and change its version',
    attribute,
  );
}

const keyOf = ({ workspace, name }: Pick<Repositories, 'workspace' | 'name'>): RepositoryKey => ({
  name,
  workspace: workspace || undefined,
});

const wantedOf = (values: Repositories, credentials: Credentials): Wanted => ({
  ...keyOf(values),
  displayName: values.displayName,
  url: completeUrl(values.url),
  credentials,
  description: values.description,
  syncSeconds: periodSeconds(values.syncPeriod) ?? 0,
});

/** The attributes whose change makes the index another one. */
const sources = [
  'username',
  'password',
  'passwordWoVersion',
  'passwordWoRevision',
  'accessKeyId',
  'secretAccessKey',
  'secretAccessKeyWoVersion',
  'secretAccessKeyWoRevision',
] as const;

const changesSource = (values: Repositories, prior: Repositories): boolean =>
  completeUrl(values.url) !== completeUrl(prior.url) || sources.some((name) => values[name] !== prior[name]);

/** Version 3 replaces a repository whose new credentials it does not try; plans cannot tell whether it does. */
const mayReplace: NonNullable<VolatileHooks<RepositoryAttributes>['id']> = async (values, prior, context) =>
  (values.username ?? values.accessKeyId) !== undefined && changesSource(values, prior) && !(await isNamed(context));

const isNamed = async ({ client }: { client: ApiClient }): Promise<boolean> => hasNamedObjects((await serverOf(client)).version);

/** Creates a repository. One whose answer is lost may show only a moment later, and is not synced yet. */
async function createOnce(client: ApiClient, generation: Generation, wanted: Wanted): Promise<Written> {
  try {
    return await generation.create(client, wanted);
  } catch (thrown) {
    const isLost = thrown instanceof ApiError ? thrown.outcomeUnknown && thrown.apiCode === undefined : thrown instanceof UnexpectedAnswer;
    if (!isLost) throw thrown;
    const what = `the repository "${wanted.name}" to show, if it was created`;
    const found = await until(client, { what, read: () => generation.find(client, wanted), within: 3000 }).catch(() => undefined);
    if (!found || !shows(found, wanted)) throw thrown instanceof ApiError && thrown.code === 'timeout' ? unfinished(thrown) : thrown;
    return { id: found.id, mark: generation.initialMark(wanted) };
  }
}

/** A create that is not sent again, because the server may still be at it. */
const unfinished = ({ code, message, method, url, advice }: ApiError): ApiError =>
  new ApiError(`${message}; it may still read the index, and create the repository afterwards`, {
    code,
    method,
    url,
    ...(advice !== undefined && { advice }),
  });

/** A write that succeeded, and what remains to be done. */
interface Done {
  readonly client: ApiClient;
  readonly generation: Generation;
  readonly values: Repositories;
  readonly wanted: Wanted;
  readonly written: Written;
  /** What wants the index to be read; nothing if it need not be. */
  readonly wish: 'syncTrigger' | 'syncOnChange' | undefined;
  tell(diagnostic: Diagnostic): void;
}

/** Syncs and waits, as far as that is wanted; the repository as it is then. */
async function complete(done: Done): Promise<Repository> {
  const { client, generation, values, wanted, written } = done;
  const shown = await generation.shown(client, wanted, written.id);
  const mark = written.mark ?? (done.wish ? await syncNow(done, done.wish) : undefined);
  if (mark === undefined || !values.waitForSync) return shown;
  await until(client, {
    what: `the repository "${wanted.name}" to be synced`,
    advice: `Raise sync_timeout (${values.syncTimeout}) if it only takes longer, or set wait_for_sync = false. ${generation.syncNote}`,
    read: () => generation.isSynced(client, { key: wanted, id: written.id, mark }),
    within: durationMilliseconds(values.syncTimeout) ?? 0,
    pauses: [100, 200, 400, 800, 1600, 3000],
  });
  return (await generation.find(client, wanted)) ?? shown;
}

/** Tells the server to sync; nothing, with a warning, if it cannot be told. */
async function syncNow(done: Done, wish: NonNullable<Done['wish']>): Promise<Mark | undefined> {
  const { client, generation, values, wanted, written, tell } = done;
  try {
    return await generation.sync(client, wanted, written.id);
  } catch (thrown) {
    if (!(thrown instanceof ApiError) || !(thrown.code === 'forbidden' || lacksAction(thrown.message))) throw thrown;
    if (thrown.code === 'forbidden' && values.waitForSync) throw thrown;
    const reason =
      thrown.code === 'forbidden'
        ? 'The user of the provider may not start a sync: its role lacks "repos/action"'
        : 'KubeSphere versions before 4.1.3 cannot be told to sync';
    const without = wish === 'syncOnChange' ? 'Set sync_on_change = false' : 'Leave sync_trigger as it is';
    tell(
      warning(
        'Repository Not Synced',
        `"${snakeCase(wish)}": the repository "${wanted.name}" was written, but its index is read only when sync_period has passed, and with 0 never. ${reason}. ${without} to avoid this warning.`,
        [wish],
      ),
    );
    return undefined;
  }
}

const replaced = ({ name }: Wanted, before: string, after: string): Diagnostic =>
  warning(
    'Repository Replaced',
    `The repository "${name}" has a new id: "${after}" instead of "${before}". KubeSphere 3 reads the index with the former credentials before it takes others, and refused the change, so the repository was deleted and created anew. What refers to the former id, such as a saved link, has to follow.`,
  );

/** Version 3 finds a repository by its name in the list, version 4 by itself. */
const ofFour = { permission: getRepositories, when: 'on KubeSphere 4' } as const;
const ofThree = { permission: getRepositories, when: 'on KubeSphere 3' } as const;
const reading = [ofFour, { permission: listRepositories, when: 'on KubeSphere 3' }] as const;
const syncing = [
  { permission: syncRepositories, when: 'for `sync_on_change` (KubeSphere 4) and `sync_trigger`' },
  { permission: getEvents, when: 'for `wait_for_sync`, on KubeSphere 3' },
] as const;

export const appRepository = defineResource({
  type: 'kubesphere_app_repository',
  description: 'An app repository: a Helm chart repository whose charts KubeSphere offers to a workspace, or to everybody.',
  attributes,
  key: ['workspace', 'name'],
  uidFields: ['uid'],
  otherForms,
  needs: {
    list: [listRepositories],
    read: reading,
    create: [createRepositories, ofThree, ...syncing],
    update: [patchRepositories, ofThree, { permission: createRepositories, when: 'if `url` or the credentials change' }, ...syncing],
    delete: [deleteRepositories, ofThree],
  },
  volatile: { id: mayReplace, creator: mayReplace, createTime: mayReplace, lastUpdateTime: (_values, _prior, context) => isNamed(context) },
  // An object is replaced as a whole, so its password has to be sent with every change.
  fullUpdate: true,
  async read({ client, key, hints }) {
    return (await serverOf(client)).generation.find(client, keyOf(key), hints?.id);
  },
  async create({ client, values, tell }) {
    const { version, generation } = await serverOf(client);
    refuse(version, values);
    const wanted = wantedOf(values, credentialsIn(values));
    await requireWorkspace(client, wanted.workspace);
    if (values.validate) await generation.validate(client, wanted);
    const written = await createOnce(client, generation, wanted);
    const wish = values.syncOnChange ? 'syncOnChange' : values.syncTrigger === undefined ? undefined : 'syncTrigger';
    return afterwards(() => complete({ client, generation, values, wanted, written, wish, tell }));
  },
  async update({ client, values, prior = values, tell }) {
    const { version, generation } = await serverOf(client);
    refuse(version, values, prior);
    const key = keyOf(values);
    const id = (await generation.idOf(client, key, prior.id)) ?? prior.id ?? key.name;
    const needsKept = (values.username ?? values.accessKeyId) !== undefined;
    const wanted = wantedOf(values, credentialsIn(values, needsKept ? await generation.credentialsOf(client, key, id) : undefined));
    const source = changesSource(values, prior);
    if (source && values.validate) await generation.validate(client, wanted);
    const written = await generation.update(client, { id, wanted, source });
    if (written.id !== id) tell(replaced(wanted, id, written.id));
    const triggered = values.syncTrigger !== undefined && values.syncTrigger !== prior.syncTrigger;
    const wish = triggered ? 'syncTrigger' : source && values.syncOnChange ? 'syncOnChange' : undefined;
    return complete({ client, generation, values, wanted, written, wish, tell });
  },
  async remove({ client, state }) {
    const { generation } = await serverOf(client);
    const key = keyOf(state);
    const id = await generation.idOf(client, key, state.id);
    if (id !== undefined) await generation.remove(client, key, id);
  },
  async elsewhere({ client, key }) {
    const { name, workspace } = keyOf(key);
    const found = await (await serverOf(client)).generation.elsewhere(client, { name, workspace });
    if (found === undefined) return undefined;
    const label = `kubectl label repos.application.kubesphere.io ${name} kubesphere.io/workspace=${workspace} --overwrite`;
    return found === ''
      ? `KubeSphere has the repository "${name}" in no workspace, because its label is missing; names are unique on the server. To get it back, run "${label}", then import it as '${workspace}/${name}' if the state no longer has it.`
      : `KubeSphere has the repository "${name}" in the workspace "${found}"; names are unique on the server. To manage it there, set workspace = "${found}" and import it as '${found}/${name}'. To get it back, run "${label}".`;
  },
  async importKey({ client, id }) {
    const found = await (await serverOf(client)).generation.keyOfId(client, id);
    return found && { name: found.name, workspace: found.workspace ?? '' };
  },
  list: {
    scope: ({ key }) => `repositories in ${key.workspace ?? ''}`,
    fetch: async ({ client, key }): Promise<readonly JsonObject[]> =>
      (await serverOf(client)).generation.list(client, key.workspace || undefined),
    scopes: async ({ client }) => {
      const places = await (await serverOf(client)).generation.places(client);
      return [...new Set([systemWorkspace, ...places])].map((workspace = '') => ({ workspace }));
    },
  },
  checks: [checkRepository, checkDoubts],
  planChecks: [planVersion, planWorkspace, planReplacement],
  sections,
  example: {
    minimal: { name: 'stable', url: 'https://charts.example.com/stable' },
    full: {
      name: 'stable',
      workspace: 'demo',
      url: 'https://charts.example.com/private',
      username: 'ci',
      passwordWo: 'correct-horse',
      description: 'Charts of the platform team',
      syncPeriod: '1h',
      validate: true,
      syncOnChange: true,
      syncTrigger: 'first',
      waitForSync: true,
      syncTimeout: '2m',
    },
  },
});
