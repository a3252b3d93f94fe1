import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, posix } from 'node:path';
import { parseDocument } from 'htmlparser2';
import { type Browser, chromium, type Page } from 'playwright-core';
import { clientPath, describeClient } from '../clients/support';
import { expectStatus, run } from '../acceptance/support/command';
import { root } from '../acceptance/support/environment';

const minutes = 60_000;
const dist = join(root, 'site/dist');
let server: Server;
beforeAll(async () => {
  expectStatus(await run(join(root, 'node_modules/.bin/tsx'), ['scripts/site/build.ts'], { cwd: root, env: process.env }), 0);
  server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://site').pathname);
    const file = join(dist, path.endsWith('/') ? `${path}index.html` : path);
    try {
      response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream').end(readFileSync(file));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}, 4 * minutes);
afterAll(() => server.close());

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

const pages = (): string[] =>
  readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.html') && file !== '404.html');

/** The pages to look at: all that were written by hand, and one of each kind that is generated. */
const looked = (): string[] => {
  const kinds = new Set<string>();
  return pages().filter((page) => {
    const kind = posix.dirname(page);
    const isFirst = !kinds.has(kind);
    kinds.add(kind);
    return isFirst || /^(?:guides|packages)$|^\.$/.test(kind);
  });
};

interface Element {
  readonly name?: string;
  readonly attribs?: Readonly<Record<string, string>>;
  readonly children?: readonly Element[];
}
const elements = (node: Element): Element[] => [node, ...(node.children ?? []).flatMap(elements)];

test('every page of docs is there, and every link leads to a page and an anchor that exist', () => {
  const parsed = new Map(
    pages().map((page) => [page, elements(parseDocument(readFileSync(join(dist, page), 'utf8')) as unknown as Element)]),
  );
  const sources = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'));
  const missing = sources
    .map((file) => file.replace(/^README\.md$/, 'index.md').replace(/\.md$/, '.html'))
    .filter((file) => !parsed.has(file));
  expect(missing).toEqual([]);
  const anchors = new Map([...parsed].map(([page, all]) => [page, new Set(all.flatMap(({ attribs }) => attribs?.['id'] ?? []))]));
  const broken = [...parsed].flatMap(([page, all]) =>
    all.flatMap(({ name, attribs }) => {
      const href = name === 'a' ? attribs?.['href'] : undefined;
      if (href === undefined || /^[a-z]+:/.test(href)) return [];
      const { pathname, hash } = new URL(href, `http://site/${page}`);
      const path = decodeURIComponent(pathname.slice(1));
      const target = path === '' || path.endsWith('/') ? posix.join(path, 'index.html') : path;
      const isThere = anchors.has(target) && (hash === '' || anchors.get(target)?.has(decodeURIComponent(hash.slice(1))));
      return isThere ? [] : [`${page}: ${href}`];
    }),
  );
  expect(broken).toEqual([]);
  expect(parsed.size).toBeGreaterThan(150);
});

describeClient('chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: clientPath('chromium') ?? '', args: ['--no-sandbox'] });
  }, minutes);
  afterAll(() => browser.close());

  /** Opens pages at a width; answers what went wrong. */
  async function opened(width: number, visit: (page: Page, base: string) => Promise<void>): Promise<string[]> {
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const context = await browser.newContext({ viewport: { width, height: 900 } });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && problems.push(`${page.url()}: ${message.text()}`));
    page.on('pageerror', (failure) => problems.push(`${page.url()}: ${failure.message}`));
    page.on('request', (request) => request.url().startsWith(base) || problems.push(`${page.url()} asks ${request.url()}`));
    page.on('requestfailed', (request) => {
      // Pages fetch in advance what they link to, which leaving them ends.
      const reason = request.failure()?.errorText ?? '';
      if (reason !== 'net::ERR_ABORTED') problems.push(`${request.url()}: ${reason}`);
    });
    page.on('response', (response) => response.status() >= 400 && problems.push(`${response.url()}: ${response.status()}`));
    await visit(page, base);
    await context.close();
    return problems;
  }

  test.each([390, 1440])(
    'pages %i pixels wide open without errors, fit into the window, and show their title',
    async (width) => {
      const wide: string[] = [];
      const problems = await opened(width, async (page, base) => {
        for (const path of looked()) {
          await page.goto(`${base}/${path}`, { waitUntil: 'load' });
          await page.waitForFunction(`Boolean(document.querySelector('#app')?.__vue_app__)`);
          if ((await page.locator('h1').count()) === 0) wide.push(`${path} has no title`);
          const overflow = await page.evaluate<number>(`document.documentElement.scrollWidth - document.documentElement.clientWidth`);
          if (overflow > 0) wide.push(`${path} is ${overflow} pixels too wide`);
        }
      });
      expect([...problems, ...wide]).toEqual([]);
    },
    6 * minutes,
  );

  test(
    'the search finds a message on the page that says what to do',
    async () => {
      const problems = await opened(1440, async (page, base) => {
        await page.goto(`${base}/`, { waitUntil: 'networkidle' });
        await page.locator('.VPNavBarSearch button').first().click();
        await page.locator('.search-input').fill('Delete Would Lose Files');
        await page.locator('.results .result', { hasText: 'Plans' }).first().click();
        await page.waitForURL(/troubleshooting\.html#plans$/);
        expect(await page.locator('td', { hasText: 'Delete Would Lose Files' }).isVisible()).toBe(true);
      });
      expect(problems).toEqual([]);
    },
    minutes,
  );
});

test('diagrams are pictures with a text, and nothing is left of their notation', () => {
  const drawn = pages().flatMap((page) => [...readFileSync(join(dist, page), 'utf8').matchAll(/<img src="[^"]+" alt="(Diagram: [^"]+)"/g)]);
  expect(drawn.length).toBeGreaterThan(3);
  expect(drawn.map(([, alt]) => alt)).toContainEqual(expect.stringContaining('bkrepo_project → bkrepo_local_repository;'));
  expect(pages().filter((page) => readFileSync(join(dist, page), 'utf8').includes('language-mermaid'))).toEqual([]);
});

test('the site is small enough to be copied anywhere', () => {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).map((file) => statSync(join(dist, file)));
  expect(files.reduce((total, file) => total + file.size, 0)).toBeLessThan(30e6);
});
