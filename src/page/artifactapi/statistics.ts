import { get } from '../api';
import { type Child, h, own } from '../dom';
import { bytes, count, share } from '../format';
import { load, table, type View } from '../parts';
import { chart } from './chart';
import { address, type Point, type Stats, type TopFile } from './data';

const EVERY_MS = 10_000;
const TOP = 10;

/** How much there is and what is used most. */
export function statisticsView(): View {
  const place = h('div');
  const show = () => load(place, statistics);
  void show();
  // A table that is being read stays as it is.
  const timer = setInterval(() => {
    if (!document.hidden && !place.querySelector('details[open]')) void show();
  }, EVERY_MS);
  return { title: 'Statistics', body: [place], leave: () => clearInterval(timer) };
}

async function statistics(): Promise<Child> {
  const [stats, hits, bandwidth, { points }] = await Promise.all([
    get<Stats>('/api/v2/stats'),
    get<TopFile[] | null>(`/api/v2/stats/top-files-by-hits?limit=${TOP}`),
    get<TopFile[] | null>(`/api/v2/stats/top-files-by-bandwidth?limit=${TOP}`),
    get<{ points: Point[] }>('/ui/api/traffic'),
  ]);
  return [
    h('div', { class: 'cards' }, ...cards(stats)),
    h(
      'section',
      { 'aria-labelledby': 'rate' },
      h('h2', { id: 'rate' }, 'Hit rate'),
      h('p', { class: 'hint' }, 'Since this process started, at most the last 24 hours. For longer periods, scrape /metrics.'),
      chart(points),
    ),
    h(
      'div',
      { class: 'columns' },
      top('Top files by hits', hits ?? [], ({ access_count }) => [count(access_count)]),
      top('Top files by bandwidth', bandwidth ?? [], ({ bytes_served }) => [bytes(bytes_served)]),
    ),
  ];
}

function cards(stats: Stats): Child[] {
  const card = (name: string, value: string, note: string) =>
    h('div', { class: 'card' }, h('div', { class: 'name' }, name), h('div', { class: 'value' }, value), h('div', { class: 'note' }, note));
  const all = stats.remotes + stats.locals + stats.virtuals;
  const { total_hits, total_fetches } = stats;
  return [
    card('Repositories', count(all), `${count(stats.remotes)} remote, ${count(stats.virtuals)} virtual, ${count(stats.locals)} local`),
    card('Stored', bytes(stats.total_size), `${count(stats.artifacts)} cached, ${count(stats.local_files)} uploaded`),
    card('Served from remotes', bytes(stats.bytes_served), `in ${count(total_hits)} responses`),
    card('Lifetime hit rate', share(Math.max(0, total_hits - total_fetches), total_hits), `${count(total_fetches)} fetches from upstreams`),
  ];
}

function top(title: string, files: readonly TopFile[], figure: (file: TopFile) => Child[]): Child {
  const rows = files.map((file) => [
    own(file.path, { class: 'address' }),
    h('a', { href: address({ kind: 'remote', name: file.remote }) }, own(file.remote)),
    h('span', { class: 'figure' }, ...figure(file)),
  ]);
  return h(
    'section',
    {},
    h('h2', {}, title),
    rows.length === 0
      ? h('p', { class: 'empty' }, 'Nothing was served yet.')
      : table({ label: title, head: ['Path', 'Remote', title === 'Top files by hits' ? 'Hits' : 'Served'], rows }),
  );
}
