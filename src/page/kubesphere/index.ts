import { get, loggedIn, segment } from '../api';
import { type About, declarable } from '../context';
import { declare } from '../declare';
import { type Child, h, own } from '../dom';
import { moment } from '../format';
import { type Views } from '../main';
import { facts, load, problem, snippet, table, tabs, type View } from '../parts';
import { periodText } from '../../common/kubesphere/sync-period';

/** An app repository, the same for all versions of the server. */
interface AppRepository {
  readonly name: string;
  readonly workspace: string;
  /** Without user and password. */
  readonly url: string;
  readonly username: string | undefined;
  readonly description: string;
  readonly syncPeriod: string;
  readonly status: string;
  readonly updatedAt: string;
}

/** What the versions call the same things. */
interface Generation {
  readonly workspaces: string;
  readonly repositories: (workspace: string) => string;
  read(item: Item, workspace: string): AppRepository;
}

type Item = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const inside = (value: unknown): Item => (typeof value === 'object' && value !== null ? (value as Item) : {});

/** Version 3 has the API of OpenPitrix, version 4 one of its own. */
const generations: Readonly<Record<'3' | '4', Generation>> = {
  3: {
    workspaces: '/kapis/tenant.kubesphere.io/v1alpha2/workspaces',
    repositories: (workspace) => `/kapis/openpitrix.io/v1/workspaces/${segment(workspace)}/repos?limit=1000`,
    read: (item, workspace) => ({
      ...withoutLogin(text(item['url'])),
      name: text(item['name']),
      workspace,
      description: text(item['description']),
      syncPeriod: text(item['sync_period']),
      status: text(item['status']),
      updatedAt: text(item['create_time']),
    }),
  },
  4: {
    workspaces: '/kapis/tenant.kubesphere.io/v1beta1/workspaces',
    repositories: (workspace) => `/kapis/application.kubesphere.io/v2/workspaces/${segment(workspace)}/repos?limit=1000`,
    read(item) {
      const [metadata, spec, status] = [inside(item['metadata']), inside(item['spec']), inside(item['status'])];
      const { url, username } = withoutLogin(text(spec['url']));
      return {
        url,
        username: username ?? (text(inside(spec['credential'])['username']) || undefined),
        name: text(metadata['name']),
        workspace: text(inside(metadata['labels'])['kubesphere.io/workspace']),
        description: text(spec['description']),
        syncPeriod: periodText(Number(spec['syncPeriod'] ?? 0)),
        status: text(status['state']),
        updatedAt: text(status['lastUpdateTime']),
      };
    },
  },
};

/** User and password may stand in the URL; they are not shown. */
function withoutLogin(url: string): { url: string; username: string | undefined } {
  const [, scheme = '', user, rest = ''] = /^([a-z0-9+]+:\/\/)(?:([^/@]*)@)?(.*)$/is.exec(url) ?? [];
  return { url: scheme === '' ? url : scheme + rest, username: user?.split(':')[0] || undefined };
}

/** The page of KubeSphere: its workspaces and their app repositories. */
export function views(about: About): Views {
  const generation = generations[about.serverVersion?.startsWith('3') ? 3 : 4];
  return {
    name: `KubeSphere ${about.serverVersion ?? ''}`,
    login: 'password',
    links: [['#/', 'App repositories']],
    at([workspace, name, ...more]) {
      if (more.length > 0) return undefined;
      return workspace === undefined ? listView(generation) : name === undefined ? undefined : repositoryView(generation, workspace, name);
    },
  };
}

/** Those of a workspace, and those that every workspace sees. */
async function all(generation: Generation): Promise<readonly AppRepository[]> {
  await loggedIn();
  const workspaces = (await get<{ items?: readonly Item[] }>(generation.workspaces)).items ?? [];
  const lists = await Promise.all(
    workspaces.map(async ({ metadata }) => {
      const workspace = text(inside(metadata)['name']);
      const { items } = await get<{ items?: readonly Item[] | null }>(generation.repositories(workspace));
      return (items ?? []).map((item) => generation.read(item, workspace));
    }),
  );
  return [...new Map(lists.flat().map((one) => [`${one.workspace}/${one.name}`, one])).values()];
}

const PLACE = 'everybody';

function listView(generation: Generation): View {
  return viewOf('App repositories', async () => {
    const rows = (await all(generation)).map((one) => [
      [
        h('a', { href: `#/${segment(one.workspace || PLACE)}/${segment(one.name)}`, class: 'strong' }, own(one.name)),
        one.description === '' ? undefined : h('div', { class: 'about' }, own(one.description)),
      ],
      own(one.workspace || PLACE),
      own(one.url, { class: 'address' }),
      status(one),
    ]);
    if (rows.length === 0) return h('p', { class: 'empty' }, 'You have access to no app repositories.');
    return table({ label: 'App repositories', head: ['Name', 'Workspace', 'URL', 'Status'], rows });
  });
}

function repositoryView(generation: Generation, workspace: string, name: string): View {
  return viewOf(name, async () => {
    const one = (await all(generation)).find((each) => (each.workspace || PLACE) === workspace && each.name === name);
    if (!one) throw new Error(`there is no app repository "${name}" in ${workspace}`);
    return tabs('Parts of the app repository', [
      {
        name: 'Status',
        make: () =>
          facts([
            ['Status', status(one)],
            ['Workspace', own(one.workspace || PLACE)],
            ['URL', own(one.url, { class: 'address' })],
            ['User', one.username === undefined ? '–' : own(one.username)],
            ['Synced every', one.syncPeriod === '' || one.syncPeriod === '0' ? 'only when told' : own(one.syncPeriod)],
            ['Last change', moment(one.updatedAt)],
          ]),
      },
      { name: 'As code', make: () => code(one) },
    ]);
  });
}

function code({ name, workspace, url, username, description, syncPeriod }: AppRepository): Child {
  const known = declarable('kubesphere_app_repository');
  if (!known) return problem(new Error('there is no construct for app repositories'));
  const object = { name, workspace, url, username: username ?? null, description, sync_period: syncPeriod };
  return declare(known, object).map(({ language, text: shown }) => snippet({ label: language, text: shown }));
}

function status({ status: told }: AppRepository): HTMLElement {
  const kind = /fail/i.test(told) ? 'bad' : /^(?:successful|active)$/i.test(told) ? 'good' : 'muted';
  return own(told === '' ? 'not synced yet' : told, { class: kind });
}

function viewOf(title: string, make: () => Promise<Child>): View {
  const place = h('div');
  void load(place, make);
  return { title, body: [place] };
}
