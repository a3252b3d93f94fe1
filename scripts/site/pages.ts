import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/** A page of the site and the file in the repository that it is made of. */
export interface SitePage {
  /** Relative to the top of the repository, e.g. `docs/guides/start.md`. */
  readonly source: string;
  /** Relative to the top of the site, e.g. `guides/start.md`. */
  readonly path: string;
  readonly title: string;
  readonly text: string;
}

/** Files outside `docs` that are pages too. */
const others: Readonly<Record<string, string>> = {
  'README.md': 'overview.md',
  'CHANGELOG.md': 'changelog.md',
  'SECURITY.md': 'security.md',
  'CONTRIBUTING.md': 'contributing.md',
};

const repository = 'https://github.com/repoform/repoform';

/** Every page of `docs`, and the pages beside it. */
export function pagesOf(root: string): SitePage[] {
  const inDocs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'));
  const sources = [...Object.keys(others), ...inDocs.map((file) => posix.join('docs', file))].sort();
  return sources.map((source) => {
    const text = readFileSync(join(root, source), 'utf8');
    const title = /^# (.*)$/m.exec(text)?.[1] ?? posix.basename(source, '.md');
    return { source, path: pathOf(source), title: title.replaceAll('`', ''), text };
  });
}

const pathOf = (source: string): string => others[source] ?? source.replace(/^docs\//, '').replace(/^README\.md$/, 'index.md');

/**
 * The Markdown of a page for the site. In the repository, links are relative to the file, as code hosts show them; on the site, they lead to its
 * pages, or to the repository where they lead to anything else.
 */
export function markdownOf({ source, path, text }: SitePage, pages: readonly SitePage[]): string {
  const bySource = new Map(pages.map((page) => [page.source, page.path]));
  return outsideCode(text, (prose) =>
    prose.replace(/(!?)(\[[^\]]*\])\(([^)\s]+)\)/g, (...[whole, image, label = '', link = '']: [string, ...string[]]) =>
      image !== '' || /^(?:[a-z]+:|#)/.test(link) ? whole : `${label}(${target(link, { source, path, bySource })})`,
    ),
  );
}

interface Place {
  readonly source: string;
  readonly path: string;
  readonly bySource: ReadonlyMap<string, string>;
}

function target(link: string, { source, path, bySource }: Place): string {
  const [file = '', anchor] = link.split('#');
  const hash = anchor === undefined ? '' : `#${anchor}`;
  const wanted = posix.join(dirname(source), file).replace(/\/$/, '');
  const page = bySource.get(wanted) ?? [...bySource].find(([of]) => of.startsWith('docs/') && posix.dirname(of) === wanted)?.[1];
  if (page === undefined) return `${repository}/${/\.\w+$/.test(wanted) ? 'blob' : 'tree'}/main/${wanted}${hash}`;
  const relative = posix.relative(posix.dirname(path), page);
  return `${relative.startsWith('.') ? relative : `./${relative}`}${hash}`;
}

/** Changes a Markdown text, but not its code. */
function outsideCode(text: string, change: (prose: string) => string): string {
  return text
    .split(/(^```[^]*?^```|`[^`\n]+`(?!\]))/m)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join('');
}

/** Anchors of headings, as code hosts make them. */
export const slugOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replace(/ /g, '-');
