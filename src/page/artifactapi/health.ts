import { get, Refused, root } from '../api';
import { type About } from '../context';
import { type Child, h, own } from '../dom';
import { address } from './data';
import { facts, load, snippet, table, type View } from '../parts';

interface Health {
  readonly status: string;
  readonly services: Readonly<Record<string, string>>;
  /** Remotes whose upstream fails, with the state of their circuit breakers. */
  readonly upstreams?: Readonly<Record<string, string>>;
}

const EVERY_MS = 10_000;

/** Whether the registry is well. */
export function healthView(about: About): View {
  const place = h('div');
  const show = () => load(place, async () => health(await state(), about));
  void show();
  const timer = setInterval(() => !document.hidden && void show(), EVERY_MS);
  return { title: 'Health', body: [place], leave: () => clearInterval(timer) };
}

/** A registry that is not well says so with an answer that is no success. */
async function state(): Promise<Health> {
  try {
    return await get<Health>('/api/v2/health');
  } catch (cause) {
    if (!(cause instanceof Refused) || cause.status !== 503 || !cause.body.startsWith('{')) throw cause;
    return JSON.parse(cause.body) as Health;
  }
}

function health({ status, services, upstreams = {} }: Health, { version, endpoint }: About): Child {
  const isWell = status === 'ok';
  return [
    h('p', { class: `verdict ${isWell ? 'good' : 'bad'}` }, isWell ? 'The registry is healthy.' : 'The registry is not healthy.'),
    table({
      label: 'Services',
      head: ['Service', 'State'],
      rows: Object.entries(services).map(([name, text]) => [name, h('span', { class: text === 'ok' ? 'good' : 'bad' }, own(text))]),
    }),
    Object.keys(upstreams).length > 0 && [
      h('h2', {}, 'Failing upstreams'),
      h('p', { class: 'hint' }, 'What is cached of them is still served.'),
      table({
        label: 'Failing upstreams',
        head: ['Remote', 'Circuit breaker'],
        rows: Object.entries(upstreams).map(([name, text]) => [
          h('a', { href: address({ kind: 'remote', name }) }, own(name)),
          h('span', { class: 'bad' }, own(text)),
        ]),
      }),
    ],
    h('h2', {}, 'About'),
    facts([
      ['repoform', version],
      ['API', 'ArtifactAPI v3'],
      ['Endpoint', own(endpoint, { class: 'address' })],
    ]),
    snippet({ label: 'For the provider', text: `export ARTIFACTAPI_ENDPOINT=${endpoint}\n` }),
    h(
      'p',
      { class: 'hint' },
      'For monitoring: ',
      ...['livez', 'readyz', 'metrics'].flatMap((name) => [h('a', { href: `${root}/${name}` }, `/${name}`), ' ']),
    ),
  ];
}
