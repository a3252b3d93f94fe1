import { ask, lost, Refused } from '../api';
import { visible } from '../../common/visible';
import { type Child, fill, h, own } from '../dom';
import { bytes, secondOf } from '../format';
import { problem, type View } from '../parts';

/** What the registry tells of itself while it happens. */
interface RegistryEvent {
  readonly type: string;
  readonly time: string;
  readonly [fact: string]: unknown;
}

const KEPT = 500;
const AGAIN_MS = 2000;

let all: RegistryEvent[] = [];
let show: (event?: RegistryEvent) => void = () => undefined;
let state: 'connecting' | 'live' | Error = 'connecting';

/** Begins to listen to events, for as long as the page is open. */
export async function listen(): Promise<void> {
  for (;;) {
    try {
      const answer = await ask('/api/v2/events');
      become('live');
      await read(answer);
      become('connecting');
      lost();
    } catch (cause) {
      if (cause instanceof Refused) return become(cause);
      become('connecting');
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

function become(next: typeof state): void {
  state = next;
  show();
}

/** Reads server-sent events: `EventSource` could not send a login. */
async function read(answer: Response): Promise<void> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = (await reader?.read().catch(() => undefined)) ?? { done: true, value: undefined };
    if (done) return;
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = block
        .split('\n')
        .filter((line) => line.startsWith('data: '))
        .map((line) => line.slice('data: '.length))
        .join('\n');
      if (data !== '') add(JSON.parse(data) as RegistryEvent);
    }
  }
}

function add(event: RegistryEvent): void {
  all = [event, ...all].slice(0, KEPT);
  show(event);
}

/** What happens, newest first. */
export function activityView(): View {
  const list = h('ol', { class: 'events', 'aria-label': 'Events, newest first' });
  const status = h('p', { class: 'hint', role: 'status' });
  let isPaused = false;
  const pause = h('button', { type: 'button', class: 'plain', 'aria-pressed': 'false' }, 'Pause');
  pause.addEventListener('click', () => {
    isPaused = !isPaused;
    pause.setAttribute('aria-pressed', String(isPaused));
    pause.textContent = isPaused ? 'Resume' : 'Pause';
    refresh();
  });
  const refresh = (event?: RegistryEvent): void => {
    status.textContent =
      state === 'live' ? (isPaused ? 'Paused; new events are kept' : 'Live') : state === 'connecting' ? 'Connecting …' : '';
    if (isPaused) return;
    if (state instanceof Error) return fill(list, h('li', {}, problem(state)));
    if (!event || all.length === 1)
      return fill(
        list,
        ...(all.length === 0 ? [h('li', { class: 'empty' }, 'Nothing has happened since this page was opened.')] : all.map(line)),
      );
    list.prepend(line(event));
    while (list.children.length > KEPT) list.lastElementChild?.remove();
  };
  show = refresh;
  refresh();
  return { title: 'Activity', body: [h('div', { class: 'bar' }, status, pause), list], leave: () => (show = () => undefined) };
}

const WORDS: Readonly<Record<string, string>> = {
  'artifact.cached': 'cached',
  'artifact.evicted': 'evicted',
  'file.uploaded': 'uploaded',
  'file.deleted': 'deleted',
  'remote.created': 'created',
  'remote.updated': 'updated',
  'remote.deleted': 'deleted',
  'virtual.created': 'created',
  'virtual.updated': 'updated',
  'virtual.deleted': 'deleted',
};

function line({ type, time, ...about }: RegistryEvent): HTMLElement {
  const text = (name: string): string => (typeof about[name] === 'string' ? about[name] : '');
  const repository = text('remote') || text('name');
  const kind = /^(?:artifact|remote)\./.test(type)
    ? 'remote'
    : type.startsWith('file.')
      ? 'local'
      : type.startsWith('virtual.')
        ? 'virtual'
        : undefined;
  const isGone = type.endsWith('.deleted') && !type.startsWith('file.');
  const link: Child =
    kind && repository !== '' && !isGone
      ? h('a', { href: `#/${kind}/${encodeURIComponent(repository)}` }, own(repository))
      : own(repository);
  return h(
    'li',
    {},
    h('time', { datetime: time }, secondOf(time)),
    h('span', { class: `what ${type.replace(/\W/g, '-')}` }, WORDS[type] ?? visible(type)),
    link,
    own(text('path'), { class: 'address' }),
    h('span', { class: 'figure' }, typeof about['size'] === 'number' ? bytes(about['size']) : ''),
  );
}
