import { get, listenTo, login } from './api';
import { views as artifactapi } from './artifactapi';
import { views as bkrepo } from './bkrepo';
import { type About } from './context';
import { fill, h, own } from './dom';
import { views as kubesphere } from './kubesphere';
import { askLogin, type LoginKind } from './login';
import { problem, type View } from './parts';

/** What a backend has on its page. */
export interface Views {
  /** What the server is called. */
  readonly name: string;
  readonly login: LoginKind;
  /** The links of the navigation, by their addresses. */
  readonly links: readonly (readonly [address: string, name: string])[];
  /** The view at an address, whose segments are decoded; undefined if there is none. */
  at(segments: readonly string[]): View | undefined;
  /** Begins what goes on as long as the page is open. */
  begin?(): void;
}

const makers: Readonly<Record<About['backend'], (about: About) => Views>> = { artifactapi, bkrepo, kubesphere };
const NAMES: Readonly<Record<string, string>> = { artifactapi: 'ArtifactAPI', bkrepo: 'BK-Repo', kubesphere: 'KubeSphere' };

async function start(): Promise<void> {
  const banner = h('div', { class: 'banner', role: 'alert', hidden: true });
  const main = h('main', { id: 'main', tabindex: '-1' });
  document.body.append(banner);
  let kind: LoginKind = 'token';
  let again = (): void => location.reload();
  listenTo({
    login: (reason) => askLogin(kind, reason),
    reached(isReached) {
      banner.hidden = isReached;
      fill(banner, isReached ? '' : 'The registry does not respond. Reconnecting …');
      if (isReached) again();
    },
  });
  const about = await get<About>('/ui/api/about');
  const views = makers[about.backend](about);
  kind = views.login;
  const nav = h('nav', { 'aria-label': 'Parts of the registry' }, ...views.links.map(([address, name]) => h('a', { href: address }, name)));
  document.body.append(h('a', { href: '#main', class: 'skip', onclick: skip }, 'Skip to content'), header(about, views), nav, main);

  let view: View | undefined;
  const show = (isNew: boolean): void => {
    view?.leave?.();
    const segments = segmentsOf(location.hash);
    view = views.at(segments) ?? { title: 'Not found', body: [h('p', { class: 'empty' }, 'This page does not exist.')] };
    document.title = `${view.title} · repoform registry`;
    const heading = h('h1', { tabindex: '-1' }, own(view.title));
    fill(main, heading, ...view.body);
    mark(nav, segments);
    if (isNew) heading.focus({ preventScroll: true });
    if (isNew) scrollTo(0, 0);
  };
  again = () => show(false);
  addEventListener('hashchange', () => show(true));
  show(false);
  views.begin?.();

  function skip(event: Event): void {
    event.preventDefault();
    main.focus();
  }
}

function header({ version, backend, pages }: About, { name }: Views): HTMLElement {
  const others = Object.entries(pages).filter(([other]) => other !== backend && NAMES[other] !== undefined);
  const out = h('button', { type: 'button', class: 'plain small', onclick: () => (login.forget(), location.reload()) }, 'Log out');
  out.hidden = login.get() === undefined;
  addEventListener('repoform:login', () => (out.hidden = false));
  return h(
    'header',
    {},
    h('a', { href: '#/', class: 'brand' }, h('img', { src: 'icon.svg', alt: '', width: 22, height: 22 }), 'repoform registry'),
    h('span', { class: 'server' }, name, ' ', h('span', { class: 'muted' }, `repoform ${version}`)),
    ...others.map(([other, url]) => h('a', { href: reached(url) }, NAMES[other] ?? other)),
    out,
  );
}

/** The page of another backend, on the host by which this one is reached: both are on one machine, at other ports. */
function reached(url: string): string {
  const other = new URL(url);
  other.hostname = location.hostname;
  return other.href;
}

function segmentsOf(hash: string): string[] {
  try {
    return hash.replace(/^#\/?/, '').split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return ['malformed'];
  }
}

function mark(nav: HTMLElement, [first = '']: readonly string[]): void {
  const links = [...nav.querySelectorAll('a')];
  const current = links.find(({ hash }) => hash === `#/${first}`) ?? links[0];
  for (const link of links) {
    if (link === current) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

start().catch((cause: unknown) => document.body.append(h('main', {}, h('h1', {}, 'repoform registry'), problem(cause))));
