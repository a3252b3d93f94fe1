import { posix } from 'node:path';
import type { SitePage } from './pages';

/** An entry of the navigation at the side, in the form of VitePress. */
export interface Entry {
  readonly text: string;
  readonly link?: string;
  readonly items?: readonly Entry[];
  readonly collapsed?: boolean;
}

const link = ({ path }: SitePage): string => `/${path.replace(/(?:index)?\.md$/, '')}`;
const entry = (page: SitePage): Entry => ({ text: page.path === 'overview.md' ? 'Overview' : page.title, link: link(page) });
const first = ['overview.md', 'guides/start.md', 'support.md', 'troubleshooting.md', 'comparison.md'];
const last = ['benchmarks.md', 'changelog.md', 'security.md', 'contributing.md'];
const names: Readonly<Record<string, string>> = { artifactapi: 'ArtifactAPI', bkrepo: 'BK-Repo', kubesphere: 'KubeSphere' };

/** All pages in groups: whatever lies in `docs` has a place. */
export function sidebarOf(pages: readonly SitePage[]): Entry[] {
  const at = (path: string): SitePage[] => pages.filter((page) => page.path === path);
  const placed = new Set(['index.md', ...first, ...last]);
  const below = (folder: string): SitePage[] => pages.filter(({ path }) => path.startsWith(`${folder}/`) && !placed.has(path));
  const single = pages.filter(({ path }) => !path.includes('/') && !placed.has(path));
  const folders = [...new Set(pages.flatMap(({ path }) => (path.includes('/') ? [path.slice(0, path.indexOf('/'))] : [])))];
  const known = ['guides', 'packages', 'design'];
  return [
    { text: 'Getting started', items: [...first.flatMap(at), ...single].map(entry) },
    { text: 'Guides', items: byTitle(below('guides')) },
    { text: 'Package types', items: byTitle(below('packages')) },
    {
      text: 'Reference',
      items: folders.filter((folder) => !known.includes(folder)).map((folder) => reference(folder, below(folder))),
    },
    { text: 'Design', collapsed: true, items: below('design').map(entry) },
    { text: 'Project', items: last.flatMap(at).map(entry) },
  ];
}

/** Overviews first, then by title. */
const byTitle = (pages: readonly SitePage[]): Entry[] =>
  [...pages].sort((a, b) => Number(isIndex(b)) - Number(isIndex(a)) || a.title.localeCompare(b.title, 'en')).map(entry);
const isIndex = ({ path }: SitePage): boolean => posix.basename(path) === 'index.md';

/** The reference of one provider, or of anything else with a page for each: its own pages, and a group for each folder. */
function reference(folder: string, pages: readonly SitePage[]): Entry {
  const kinds = [...new Set(pages.map(({ path }) => posix.dirname(path)))].filter((kind) => kind !== folder);
  return {
    text: names[folder] ?? sentenceCase(folder),
    collapsed: true,
    items: [
      ...pages
        .filter((page) => posix.dirname(page.path) === folder)
        .map((page) => (isIndex(page) ? { ...entry(page), text: 'Overview' } : entry(page))),
      ...kinds.map((kind) => ({
        text: sentenceCase(posix.basename(kind)),
        collapsed: true,
        items: pages.filter(({ path }) => posix.dirname(path) === kind).map((page) => ({ ...entry(page), text: shortTitle(page) })),
      })),
    ],
  };
}

/** `artifactapi_remote_npm (Resource)` without what the group says. */
const shortTitle = (page: SitePage): string => (isIndex(page) ? 'Overview' : page.title.replace(/ \([A-Z][\w ]*\)$/, ''));
const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1).replaceAll('-', ' ');
