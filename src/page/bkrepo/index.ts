import { get, loggedIn, segment, segments } from '../api';
import { clientTexts } from '../client-texts';
import { type About, declarable } from '../context';
import { declare } from '../declare';
import { choose } from '../dialog';
import { type Child, h, own } from '../dom';
import { bytes, count, moment } from '../format';
import { type Views } from '../main';
import { facts, load, problem, snippet, table, tabs, tag, type View } from '../parts';
import { type Entry, Tree } from '../tree';

interface Project {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly metadata?: readonly { readonly key: string; readonly value: unknown }[];
}

interface Repository {
  readonly projectId: string;
  readonly name: string;
  readonly type: string;
  readonly category: string;
  readonly public: boolean;
  readonly description: string | null;
  readonly quota: number | null;
  readonly used: number | null;
  readonly configuration: Readonly<Record<string, unknown>>;
}

interface Node {
  readonly name: string;
  readonly fullPath: string;
  readonly folder: boolean;
  readonly size: number;
  readonly sha256: string | null;
  readonly createdBy: string;
  readonly createdDate: string;
  readonly lastAccessDate: string | null;
}

const PAGE = 100;

/** What the services answer with. */
async function service<T>(path: string): Promise<T> {
  await loggedIn();
  return (await get<{ data: T }>(`/repository/api/${path}`)).data;
}

/** The page of BK-Repo: what its own API shows the user. */
export function views(about: About): Views {
  return {
    name: 'BK-Repo',
    login: 'password',
    links: [['#/', 'Projects']],
    at([project, name, ...more]) {
      if (more.length > 0) return undefined;
      if (project === undefined) return projectsView();
      return name === undefined ? projectView(project) : repositoryView(about, project, name);
    },
  };
}

function projectsView(): View {
  return viewOf('Projects', async () => {
    const all = await service<Project[]>('project/list');
    if (all.length === 0) return h('p', { class: 'empty' }, 'You have access to no projects.');
    const rows = all.map(({ name, displayName, description }) => [
      h('a', { href: `#/${segment(name)}`, class: 'strong' }, own(name)),
      own(displayName),
      own(description, { class: 'muted' }),
    ]);
    return table({ label: 'Projects', head: ['Project', 'Display name', 'Description'], rows });
  });
}

function projectView(name: string): View {
  return viewOf(name, async () => {
    const [repositories, projects] = await Promise.all([
      service<Repository[]>(`repo/list/${segment(name)}`),
      service<Project[]>(`project/list?${new URLSearchParams({ names: name })}`),
    ]);
    const rows = repositories.map((one) => [
      [
        h('a', { href: `#/${segment(name)}/${segment(one.name)}`, class: 'strong' }, own(one.name)),
        one.description ? h('div', { class: 'about' }, own(one.description)) : undefined,
      ],
      tag(one.category.toLowerCase()),
      one.type,
      one.public ? 'Everybody' : 'The project',
      one.used === null ? '–' : bytes(one.used),
    ]);
    const head = ['Name', 'Kind', 'Type', 'Readable by', 'Used'];
    const [project] = projects;
    return tabs('Parts of the project', [
      {
        name: 'Repositories',
        make: () =>
          rows.length === 0 ? h('p', { class: 'empty' }, 'It has no repositories.') : table({ label: 'Repositories', head, rows }),
      },
      ...(project ? [{ name: 'As code', make: () => code('bkrepo_project', decoded(project)) }] : []),
    ]);
  });
}

function repositoryView(about: About, project: string, name: string): View {
  return viewOf(name, async () => {
    const one = await service<Repository>(`repo/info/${segment(project)}/${segment(name)}`);
    const type = `bkrepo_${one.category.toLowerCase()}_repository`;
    const use = declarable(type)?.clients;
    const names = typeof use?.packageType === 'object' ? use.packageType.names : undefined;
    const used = use && { endpoint: about.endpoint, kind: use.kind, name, packageType: names?.[one.type] ?? one.type.toLowerCase() };
    return [
      h(
        'p',
        { class: 'lead' },
        h('a', { href: `#/${segment(project)}` }, own(project)),
        ' · ',
        tag(one.category.toLowerCase()),
        ' ',
        one.type,
      ),
      tabs('Parts of the repository', [
        { name: 'Files', make: () => files(one) },
        ...(used ? [{ name: 'Client setup', make: () => clientTexts({ ...used, inProject: { type: one.type, project } }) }] : []),
        { name: 'As code', make: () => code(type, one) },
        { name: 'Settings', make: () => settings(one) },
      ]),
    ];
  });
}

function viewOf(title: string, make: () => Promise<Child>): View {
  const place = h('div');
  void load(place, make);
  return { title, body: [place] };
}

/** A project as its definition has it. */
function decoded({ metadata = [], ...project }: Project): object {
  const all = new Map(metadata.map(({ key, value }) => [key, value]));
  const switches = { enabled: all.get('enabled') !== false, shareEnabled: all.get('enableShareArtifact') !== false };
  const rest = [...all].filter(([key]) => !['enabled', 'enableShareArtifact'].includes(key)).map(([key, value]) => [key, String(value)]);
  return { ...project, ...switches, metadata: Object.fromEntries(rest) };
}

function code(type: string, object: object): Child {
  const known = declarable(type);
  if (!known) return problem(new Error(`there is no construct for ${type}`));
  return declare(known, object as never).map(({ language, text }) => snippet({ label: language, text }));
}

function files({ projectId, name }: Repository): Child {
  const tree = new Tree({
    label: `Files of ${name}`,
    async load(folder, from) {
      const pageNumber = from === '' ? '1' : from;
      const query = new URLSearchParams({ pageNumber, pageSize: String(PAGE), sort: 'true' });
      const path = folder.split('/').filter(Boolean).map(encodeURIComponent).join('/');
      const { records, totalPages } = await service<{ records: Node[]; totalPages: number }>(
        `node/page/${segments(`${projectId}/${name}`)}/${path}?${query}`,
      );
      return { entries: records.map(entryOf), next: Number(pageNumber) < totalPages ? String(Number(pageNumber) + 1) : null };
    },
    open: (entry) => void choose({ title: 'File', body: [about(entry)] }),
  });
  void tree.begin();
  return tree.element;
}

function entryOf({ name, fullPath, folder, size, createdDate, lastAccessDate }: Node): Entry {
  const path = fullPath.replace(/^\//, '');
  if (folder) return { name, path: `${path}/` };
  return { name, path, size, createdAt: createdDate, usedAt: lastAccessDate ?? '' };
}

function about({ path, size = 0, createdAt = '', usedAt = '' }: Entry): Child {
  return facts([
    ['Path', own(path, { class: 'address' })],
    ['Size', `${bytes(size)} (${count(size)} bytes)`],
    ['Uploaded', moment(createdAt)],
    ['Last used', moment(usedAt)],
  ]);
}

/** The server tells passwords in clear; they are not shown. */
const SECRET = /password|secret/i;

function settings({ configuration, ...rest }: Repository): Child {
  const flat = (value: unknown, at: string): [string, Child][] => {
    if (SECRET.test(at)) return [];
    if (typeof value === 'object' && value !== null)
      return Object.entries(value).flatMap(([key, one]) => flat(one, at === '' ? key : `${at}.${key}`));
    return value === null || value === '' ? [] : [[at, own(String(value))]];
  };
  return facts([...flat(rest, ''), ...flat(configuration, 'configuration')]);
}
