import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(__dirname, '../..');
const packed = (
  JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8', stdio: 'pipe' })) as [
    { readonly files: readonly { readonly path: string }[] },
  ]
)[0].files.map(({ path }) => path);
const pages = packed.filter((path) => path.endsWith('.md') && !path.startsWith('dist/'));
const text = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Anchors as the sites that show Markdown make them. */
const anchorsOf = (path: string): string[] =>
  [...text(path).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replace(/ /g, '-'),
  );

test('every page of the package is read', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'SECURITY.md', 'docs/README.md', 'examples/quickstart/README.md']));
});

test('links lead to what is in the package', () => {
  const broken = pages.flatMap((page) =>
    [...text(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
      if (/^https?:/.test(link)) return [];
      const [target = '', anchor] = link.split('#');
      const path = target === '' ? page : join(dirname(page), target).replace(/\/$/, '');
      const isThere = packed.includes(path) || packed.some((file) => file.startsWith(`${path}/`));
      const isMissing = !isThere || (anchor !== undefined && path.endsWith('.md') && !anchorsOf(path).includes(anchor));
      return isMissing ? [`${page}: ${link}`] : [];
    }),
  );
  expect(broken).toEqual([]);
});

test('no page has a placeholder that nobody filled in', () => {
  expect(pages.filter((page) => /@[A-Z]+@|\bTODO\b|\bTBD\b|\bFIXME\b/.test(text(page)))).toEqual([]);
});
