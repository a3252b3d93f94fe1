import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagramOf } from '../../scripts/site/diagram';
import { type Entry, sidebarsOf } from '../../scripts/site/navigation';
import { markdownOf, pagesOf } from '../../scripts/site/pages';
import { packagePages } from '../../scripts/docs/package-pages';

const root = join(__dirname, '../..');
const page = (name: string): string => readFileSync(join(root, 'docs', name), 'utf8');

describe('the pages of package types', () => {
  test('are what the definitions say, one for each type; npm run docs writes them', () => {
    for (const [name, text] of packagePages()) expect([name, page(`packages/${name}.md`)]).toEqual([name, text]);
    const written = packagePages().map(([name]) => `${name}.md`);
    expect(readdirSync(join(root, 'docs/packages')).sort()).toEqual([...written, 'index.md', 'maven.md'].sort());
    for (const file of [...written, 'maven.md']) expect([file, page('packages/index.md').includes(`](${file})`)]).toEqual([file, true]);
  });

  test('have the files of the clients, to read, to publish, and at a BK-Repo', () => {
    const npm = page('packages/npm.md');
    expect(npm).toContain('```ini\nregistry=https://packages.example.com/api/v1/virtual/npm/\nreplace-registry-host=always\n```');
    expect(npm).toContain('//packages.example.com/api/v1/local/npm-internal/:_authToken=anonymous\n');
    expect(npm).toContain('//packages.example.com/npm/payments/npm/:_password=${BKREPO_PASSWORD_BASE64}\n');
    expect(page('packages/pypi.md').split('`.pypirc`')).toHaveLength(3);
  });
});

describe('troubleshooting', () => {
  const sources = ['src', 'constructs'].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(?:ts|sh)$/.test(file) && !/(?:^|\/)(?:gen|generated)\//.test(file))
      .map((file) => readFileSync(join(root, room, file), 'utf8')),
  );
  const [own = '', others] = page('troubleshooting.md').split('## Terraform and cdktf');
  const messages = [...own.matchAll(/\*\*([^*]+)\*\*/g)].map(([, message = '']) => message);

  test('names messages that are in the source', () => {
    expect(messages.length).toBeGreaterThan(50);
    expect(others).toContain('Unrecognized remote plugin message');
    expect(messages.filter((message) => !sources.some((source) => source.includes(message)))).toEqual([]);
  });
});

test('the tests that the support matrix names are there', () => {
  const named = [...page('support.md').matchAll(/`(test\/[^` ]+)`/g)].map(([, file = '']) => file);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

describe('the site', () => {
  const pages = pagesOf(root);

  test('has every page in its navigation, and links to no other', () => {
    const linked = (entries: readonly Entry[]): string[] =>
      entries.flatMap(({ link, items = [] }) => [...(link === undefined ? [] : [link]), ...linked(items)]);
    const paths = pages.map(({ path }) => `/${path.replace(/(?:index)?\.md$/, '')}`).filter((path) => path !== '/');
    const links = Object.values(sidebarsOf(pages)).flatMap(linked);
    expect([...new Set(links)].sort()).toEqual(paths.sort());
  });

  test('rewrites links to its pages and to the repository, and leaves code alone', () => {
    const text =
      'See [a](../README.md#x), [b](../../examples/quickstart/main.ts), [c](../../README.md), [d](design/), `[e](f.md)`, [g](https://h)\n';
    const page = { source: 'docs/guides/start.md', path: 'guides/start.md', title: 'Start', text };
    expect(markdownOf(page, pages)).toBe(
      'See [a](../index.md#x), [b](https://github.com/repoform/repoform/blob/main/examples/quickstart/main.ts), [c](../overview.md), ' +
        '[d](https://github.com/repoform/repoform/tree/main/docs/guides/design), `[e](f.md)`, [g](https://h)\n',
    );
  });

  test('draws flowcharts, and refuses what it cannot draw', () => {
    const { svg, alt } = diagramOf(
      'flowchart LR\n  subgraph s["your stack"]\n    a["A<br>B"] --> b\n  end\n  a & b -- "c<d" --> e[("E")]\n',
    );
    expect(alt).toBe('Diagram: A B → b; A B → E (c<d); b → E (c<d)');
    expect([...svg.matchAll(/<rect class="(\w+)"/g)].map(([, kind]) => kind).sort()).toEqual([
      'ground',
      'ground',
      'group',
      'node',
      'node',
      'node',
    ]);
    expect(svg).toContain('>c&#60;d</text>');
    expect(() => diagramOf('sequenceDiagram\n  a->>b: c')).toThrow('begins no flowchart that the site can draw');
    expect(() => diagramOf('flowchart LR\n  a{b} --> c')).toThrow('"a{b}" is no node');
  });
});
