import { Away, Refused } from './api';
import { visible } from '../common/visible';
import { type Child, fill, h, own, say } from './dom';

/** A view of the page. */
export interface View {
  readonly title: string;
  readonly body: readonly Child[];
  /** Called when another view takes its place. */
  leave?(): void;
}

/** What is shown in place of what cannot be. */
export function problem(cause: unknown): HTMLElement {
  if (cause instanceof Away) return h('p', { class: 'empty' }, 'The registry does not respond. This view loads when it does.');
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof Refused && cause.status === 401)
    return h(
      'p',
      { class: 'empty' },
      'Log in to see this. ',
      h('button', { type: 'button', class: 'plain', onclick: () => location.reload() }, 'Log in'),
    );
  return h('p', { class: 'problem', role: 'alert' }, cause instanceof Refused ? `The registry answers ${cause.status}: ` : '', own(reason));
}

/** What a kind of repository is called. */
export function tag(kind: string): HTMLElement {
  return h('span', { class: `tag ${/^[a-z]+$/.test(kind) ? kind : ''}` }, visible(kind));
}

/** A text to copy: a file, a command, code. */
export function snippet({ label, text, note }: { readonly label: string; readonly text: string; readonly note?: Child }): HTMLElement {
  const copy = h('button', { type: 'button', class: 'plain small', 'aria-label': `Copy ${label}` }, 'Copy');
  copy.addEventListener('click', () => {
    navigator.clipboard.writeText(text).then(
      () => say(`${label} copied`),
      () => {
        const range = document.createRange();
        range.selectNodeContents(code);
        getSelection()?.removeAllRanges();
        getSelection()?.addRange(range);
        say('The browser does not let this page copy; the text is selected instead');
      },
    );
  });
  const code = h('code', {}, visibleLines(text));
  return h(
    'figure',
    { class: 'snippet' },
    h('figcaption', {}, own(label, { class: 'file' }), copy),
    h('pre', { tabindex: '0', role: 'group', 'aria-label': label }, code),
    note !== undefined && note !== false && h('p', { class: 'hint' }, note),
  );
}

const visibleLines = (text: string): string => text.split('\n').map(visible).join('\n');

/** Facts with their names. */
export function facts(all: readonly (readonly [string, Child])[]): HTMLElement {
  return h('dl', { class: 'facts' }, ...all.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

/** Tabs by the pattern of WAI-ARIA: arrow keys move among them. Their content is made when it is first shown. */
export function tabs(label: string, all: readonly { readonly name: string; make(): Child | Promise<Child> }[]): HTMLElement {
  const panel = h('div', { role: 'tabpanel', id: 'panel', tabindex: '0', class: 'panel' });
  const buttons = all.map(({ name }, index) =>
    h('button', { type: 'button', role: 'tab', id: `tab-${index}`, 'aria-controls': 'panel', onclick: () => show(index) }, name),
  );
  let shown = -1;
  const show = (index: number): void => {
    shown = index;
    buttons.forEach((button, at) => {
      button.setAttribute('aria-selected', String(at === index));
      button.tabIndex = at === index ? 0 : -1;
    });
    panel.setAttribute('aria-labelledby', `tab-${index}`);
    void load(
      panel,
      () => all[index]?.make(),
      () => shown === index,
    );
  };
  const list = h('div', { role: 'tablist', 'aria-label': label, class: 'tabs' }, ...buttons);
  list.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -shown, End: all.length - 1 - shown }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (shown + step + all.length) % all.length;
    show(next);
    buttons[next]?.focus();
  });
  show(0);
  return h('div', {}, list, panel);
}

/** Fills an element with what comes, or with why it does not. */
export async function load(element: Element, make: () => Child | Promise<Child>, isWanted = (): boolean => true): Promise<void> {
  element.setAttribute('aria-busy', 'true');
  const made = await Promise.resolve()
    .then(make)
    .catch((cause: unknown) => problem(cause));
  if (!isWanted()) return;
  fill(element, made);
  element.removeAttribute('aria-busy');
}

/** A table whose rows become blocks where there is little room. */
export function table({
  label,
  head,
  rows,
}: {
  readonly label: string;
  readonly head: readonly string[];
  readonly rows: readonly Child[][];
}): HTMLElement {
  return h(
    'table',
    { role: 'table', 'aria-label': label, class: 'list' },
    h(
      'thead',
      { role: 'rowgroup' },
      h('tr', { role: 'row' }, ...head.map((name) => h('th', { role: 'columnheader', scope: 'col' }, name))),
    ),
    h('tbody', { role: 'rowgroup' }, ...rows.map((cells) => row(head, cells))),
  );
}

export function row(head: readonly string[], cells: readonly Child[]): HTMLElement {
  return h('tr', { role: 'row' }, ...cells.map((cell, at) => h('td', { role: 'cell', 'data-label': head[at] ?? '' }, cell)));
}
