import { ask, get, root, segment, segments } from '../api';
import { clientTexts } from '../client-texts';
import { type About, declarable } from '../context';
import { declare } from '../declare';
import { choose, field } from '../dialog';
import { visible } from '../../common/visible';
import { type Child, fill, h, own, say } from '../dom';
import { bytes, count, moment } from '../format';
import { facts, load, problem, snippet, tabs, tag, type View } from '../parts';
import { type Entry, extent, isFolder, Tree } from '../tree';
import { address, folder, repository, type Repository } from './data';

/** One repository: its files, how clients use it, the code that declares it, its settings. */
export function repositoryView(about: About, kind: string, name: string): View {
  const place = h('div');
  void load(place, async () => {
    const one = await repository(name, kind);
    return [
      h('p', { class: 'lead' }, tag(one.kind), ' ', one.package_type, one.description ? [' · ', own(one.description)] : undefined),
      tabs('Parts of the repository', [
        one.kind === 'virtual' ? { name: 'Members', make: () => members(one) } : { name: 'Files', make: () => files(one) },
        {
          name: 'Client setup',
          make: () => clientTexts({ endpoint: about.endpoint, kind: one.kind, name, packageType: one.package_type }),
        },
        { name: 'As code', make: () => declaration(one) },
        { name: 'Settings', make: () => settings(one) },
        ...(one.kind === 'remote' ? [{ name: 'Probe', make: () => probe(one) }] : []),
      ]),
    ];
  });
  return { title: name, body: [place] };
}

function files(one: Repository): Child {
  const open = async (entry: Entry): Promise<void> => {
    await choose({ title: 'File', body: fileFacts(one, entry) });
  };
  const isCache = one.kind === 'remote';
  const tree = new Tree({
    label: `Files of ${one.name}`,
    load: (path, from) => folder(one.name, path, from),
    open: (entry) => void open(entry),
    ...(isCache && { evict: (entry) => evict(one, entry) }),
  });
  void tree.begin();
  return [
    isCache && h('p', { class: 'hint' }, 'Cached files of the upstream. Evicted files are fetched again when a client asks for them.'),
    tree.element,
  ];
}

function fileFacts(one: Repository, entry: Entry): Child[] {
  const { path, size = 0, hits = 0, bytesServed = 0, contentType = '', createdAt = '', usedAt = '' } = entry;
  const url = `${root}/api/v1/${one.kind}/${segment(one.name)}/${segments(path)}`;
  const cached: [string, Child][] = [
    ['Hits', count(hits)],
    ['Served', bytes(bytesServed)],
    ['Last used', moment(usedAt)],
  ];
  return [
    facts([
      ['Path', own(path, { class: 'address' })],
      ['Size', `${bytes(size)} (${count(size)} bytes)`],
      ['Type', own(contentType)],
      [one.kind === 'remote' ? 'Cached' : 'Uploaded', moment(createdAt)],
      ...(one.kind === 'remote' ? cached : []),
    ]),
    snippet({ label: 'URL', text: url }),
  ];
}

/** Asks first, naming what is lost. */
async function evict(one: Repository, entry: Entry): Promise<boolean> {
  const isSure = await choose({
    title: isFolder(entry) ? 'Evict a folder from the cache?' : 'Evict a file from the cache?',
    body: [
      facts([
        ['Remote', own(one.name)],
        [isFolder(entry) ? 'Folder' : 'File', own(entry.path, { class: 'address' })],
        ['Evicts', extent(entry)],
      ]),
      h(
        'p',
        {},
        'The next client that asks for it makes the registry fetch it again from ',
        own(one.base_url ?? '', { class: 'address' }),
        '. If the upstream no longer has it, it is gone.',
      ),
    ],
    action: 'Evict',
    isDangerous: true,
  });
  if (!isSure) return false;
  try {
    if (isFolder(entry)) {
      const query = new URLSearchParams({ path: entry.path });
      await ask(`/ui/api/repositories/${segment(one.name)}/folder?${query}`, { method: 'DELETE' });
    } else await ask(`/api/v2/remotes/${segment(one.name)}/objects/${objectPath(entry.path)}`, { method: 'DELETE' });
  } catch (cause) {
    say(`Nothing was evicted: ${cause instanceof Error ? visible(cause.message) : String(cause)}`);
    return false;
  }
  say(`Evicted ${visible(entry.path)} from ${one.name}`);
  return true;
}

/** Paths are kept as they stand in URLs, queries too. */
const objectPath = (path: string): string => path.replace(/[^\w.~!$&'()*+,;=:@/?%-]+/g, encodeURIComponent);

async function members(one: Repository): Promise<Child> {
  const names = one.members ?? [];
  const all = await Promise.all(names.map((name) => repository(name, 'remote').catch(() => undefined)));
  const items = all.map((member, at) =>
    member
      ? h(
          'li',
          {},
          h('a', { href: address(member), class: 'strong' }, own(member.name)),
          ' ',
          tag(member.kind),
          ' ',
          member.base_url && own(member.base_url, { class: 'address muted' }),
        )
      : h('li', {}, own(names[at] ?? ''), ' ', h('span', { class: 'muted' }, 'cannot be shown')),
  );
  return items.length === 0
    ? h('p', { class: 'empty' }, 'It has no members.')
    : [h('p', { class: 'hint' }, 'Queried in this order.'), h('ol', { class: 'members' }, ...items)];
}

function declaration(one: Repository): Child {
  const type = one.kind === 'virtual' ? 'artifactapi_virtual' : `artifactapi_${one.kind}_${one.package_type}`;
  const known = declarable(type);
  if (!known) return problem(new Error(`there is no construct for ${type}`));
  return [
    h('p', { class: 'hint' }, 'To bring all repositories of this server under Terraform, run "repoform adopt".'),
    ...declare(known, one.settings as never).map(({ language, text }) => snippet({ label: language, text })),
  ];
}

function settings({ settings: all }: Repository): Child {
  const shown = Object.entries(all).filter(([, value]) => value !== '' && value !== null);
  return facts(shown.map(([name, value]) => [name, valueText(value)]));
}

function valueText(value: unknown): Child {
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map((one) => h('div', {}, own(String(one), { class: 'address' })));
  return own(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

interface Probed {
  readonly ok: boolean;
  readonly status: number;
  readonly source?: string;
  readonly size?: number;
  readonly content_type?: string;
  readonly sha256?: string;
  readonly error?: string;
  readonly duration_ms: number;
}

function probe(one: Repository): Child {
  const path = h('input', { type: 'text', required: true, spellcheck: 'false', autocapitalize: 'none', autocomplete: 'off' });
  const result = h('div', { role: 'status' });
  const send = async (): Promise<void> => {
    const found = get<Probed>('/api/v2/probe', { method: 'POST', body: { remote: one.name, path: path.value } });
    await load(result, async () => probed(await found));
  };
  const form = h(
    'form',
    {
      class: 'probe',
      onsubmit: (event: Event) => {
        event.preventDefault();
        fill(result, h('p', { class: 'hint' }, 'Fetching …'));
        void send();
      },
    },
    field('Path', path, 'Fetches it through the cache, as a client would.'),
    h('button', { class: 'primary' }, 'Probe'),
  );
  return [form, result];
}

function probed({ ok, status, source = '', size = 0, content_type = '', sha256 = '', error = '', duration_ms }: Probed): Child {
  const took = `${count(duration_ms)} ms`;
  if (!ok)
    return facts([
      ['Result', h('span', { class: 'bad' }, `Failed with ${status}`)],
      ['Reason', own(error)],
      ['Duration', took],
    ]);
  return facts([
    ['Result', h('span', { class: 'good' }, `Found, from ${source === 'cache' ? 'the cache' : 'the upstream'}`)],
    ['Size', bytes(size)],
    ['Type', own(content_type)],
    ['SHA-256', own(sha256, { class: 'address' })],
    ['Duration', took],
  ]);
}
