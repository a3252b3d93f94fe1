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

/**
 * The navigation by the path that it is shown below: whatever lies in `docs` has a place. A folder of the reference has one of its own: all
 * of them on every page would be most of the site.
 */
export function sidebarsOf(pages: readonly SitePage[]): Record<string, readonly Entry[]> {
  const folders = [...new Set(pages.flatMap(({ path }) => (path.includes('/') ? [path.slice(0, path.indexOf('/'))] : [])))];
  const references = folders.filter((folder) => !['guides', 'packages', 'design'].includes(folder));
  return {
    ...Object.fromEntries(references.map((folder) => [`/${folder}/`, reference(folder, below(pages, folder))])),
    '/': mainSidebar(pages, references),
  };
}

function mainSidebar(pages: readonly SitePage[], references: readonly string[]): Entry[] {
  const at = (path: string): SitePage[] => pages.filter((page) => page.path === path);
  const placed = new Set(['index.md', ...first, ...last]);
  const single = pages.filter(({ path }) => !path.includes('/') && !placed.has(path));
  const guides = below(pages, 'guides').filter(({ path }) => !placed.has(path));
  return [
    { text: 'Getting started', items: [...first.flatMap(at), ...single].map(entry) },
    { text: 'Guides', items: byTitle(guides) },
    { text: 'Package types', items: byTitle(below(pages, 'packages')) },
    {
      text: 'Reference',
      items: references.flatMap((folder) => {
        const [start] = [...below(pages, folder)].sort((a, b) => Number(isIndex(b)) - Number(isIndex(a)) || a.path.length - b.path.length);
        return start ? [{ text: nameOf(folder), link: link(start) }] : [];
      }),
    },
    { text: 'Design', collapsed: true, items: below(pages, 'design').map(entry) },
    { text: 'Project', items: last.flatMap(at).map(entry) },
  ];
}

const below = (pages: readonly SitePage[], folder: string): SitePage[] => pages.filter(({ path }) => path.startsWith(`${folder}/`));
const nameOf = (folder: string): string => names[folder] ?? sentenceCase(folder);

/** Overviews first, then by title. */
const byTitle = (pages: readonly SitePage[]): Entry[] =>
  [...pages].sort((a, b) => Number(isIndex(b)) - Number(isIndex(a)) || a.title.localeCompare(b.title, 'en')).map(entry);
const isIndex = ({ path }: SitePage): boolean => posix.basename(path) === 'index.md';

/** The reference of one provider, or of anything else with a page for each: its own pages, and a group for each folder. */
function reference(folder: string, pages: readonly SitePage[]): Entry[] {
  const kinds = [...new Set(pages.map(({ path }) => posix.dirname(path)))].filter((kind) => kind !== folder);
  const own = pages.filter(({ path }) => posix.dirname(path) === folder);
  return [
    { text: nameOf(folder), items: own.map((page) => (isIndex(page) ? { ...entry(page), text: 'Overview' } : entry(page))) },
    ...kinds.map((kind) => ({
      text: sentenceCase(posix.basename(kind)),
      items: pages.filter(({ path }) => posix.dirname(path) === kind).map((page) => ({ ...entry(page), text: shortTitle(page) })),
    })),
  ];
}

/** `artifactapi_remote_npm (Resource)` without what the group says. */
const shortTitle = (page: SitePage): string => (isIndex(page) ? 'Overview' : page.title.replace(/ \([A-Z][\w ]*\)$/, ''));
const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1).replaceAll('-', ' ');
