import { type Child, fill, h, own } from '../dom';
import { count } from '../format';
import { load, row, tag, type View } from '../parts';
import { address, repositories, type Repository } from './data';

const KINDS = ['all', 'remote', 'virtual', 'local'] as const;
const PAGE = 200;
const HEAD = ['Name', 'Kind', 'Type', 'Upstream or members'];

/** All repositories, with a filter. */
export function repositoriesView(): View {
  const place = h('div');
  void load(place, async () => list(await repositories()));
  return { title: 'Repositories', body: [place] };
}

function list(all: readonly Repository[]): Child {
  if (all.length === 0) return empty();
  let kind: (typeof KINDS)[number] = 'all';
  let limit = PAGE;
  const search = h('input', {
    type: 'search',
    id: 'filter',
    placeholder: 'Name, type, upstream',
    'aria-label': 'Filter repositories',
    oninput: () => show(),
  });
  const buttons = KINDS.map((each) => {
    const total = each === 'all' ? all.length : all.filter((one) => one.kind === each).length;
    return h(
      'button',
      { type: 'button', onclick: () => show((kind = each)) },
      `${each === 'all' ? 'All' : each} `,
      h('span', { class: 'count' }, count(total)),
    );
  });
  const body = h('tbody', { role: 'rowgroup' });
  const found = h('p', { class: 'hint', role: 'status' });
  const more = h('button', { type: 'button', class: 'plain', onclick: () => show((limit += PAGE)) }, 'Show more');
  const table = tableOf(body);
  const show = (_changed?: unknown): void => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = all.filter((one) => (kind === 'all' || one.kind === kind) && words.every((word) => textOf(one).includes(word)));
    buttons.forEach((button, at) => button.setAttribute('aria-pressed', String(KINDS[at] === kind)));
    fill(body, ...wanted.slice(0, limit).map(line));
    table.hidden = wanted.length === 0;
    more.hidden = wanted.length <= limit;
    found.textContent =
      wanted.length === 0
        ? 'No repositories match.'
        : wanted.length > limit
          ? `Showing the first ${count(limit)} of ${count(wanted.length)}.`
          : '';
  };
  show();
  return [
    h('div', { class: 'bar' }, h('div', { class: 'filters', role: 'group', 'aria-label': 'Kind' }, ...buttons), search),
    table,
    found,
    more,
  ];
}

function tableOf(body: HTMLElement): HTMLElement {
  const head = h('tr', { role: 'row' }, ...HEAD.map((name) => h('th', { role: 'columnheader', scope: 'col' }, name)));
  return h(
    'table',
    { role: 'table', class: 'list repositories', 'aria-label': 'Repositories' },
    h('thead', { role: 'rowgroup' }, head),
    body,
  );
}

const textOf = ({ name, package_type, base_url = '', description = '', members }: Repository): string =>
  [name, package_type, base_url, description, ...(members ?? [])].join(' ').toLowerCase();

function line(one: Repository): HTMLElement {
  const name = h('a', { href: address(one), class: 'strong' }, own(one.name));
  const about = one.description && h('div', { class: 'about' }, own(one.description));
  return row(HEAD, [[name, about || undefined], tag(one.kind), one.package_type, source(one)]);
}

function source({ kind, base_url = '', members }: Repository): Child {
  if (kind === 'remote') return own(base_url, { class: 'address' });
  if (kind === 'local') return h('span', { class: 'muted' }, 'Your own files');
  return own((members ?? []).join(', '), { class: 'address' });
}

function empty(): Child {
  return h(
    'div',
    { class: 'empty' },
    h('h2', {}, 'There are no repositories yet'),
    h('p', {}, 'Declare the first one in TypeScript and deploy it with this registry as the endpoint:'),
    h('pre', { tabindex: '0', role: 'group', 'aria-label': 'An example' }, h('code', {}, EXAMPLE)),
  );
}

const EXAMPLE = `import { RemoteNpm } from 'repoform/artifactapi';

new RemoteNpm(this, 'npm', {
  name: 'npm',
  baseUrl: 'https://npm.example.com',
});`;
