import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { type Registry } from '../../../src/registry/server';
import { clientPath } from '../../clients/support';
import { root } from '../../acceptance/support/environment';

import { addRemote, addVirtual, call, registry, upstream } from '../helpers';

export { describeClient } from '../../clients/support';
export { root };

/** What a page of the registry did that it must not do, such as asking another server. */
export type Faults = string[];

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: clientPath('chromium') ?? '', args: ['--no-sandbox'] });

/** How a page is looked at. */
export interface Look {
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
}

/** How the page is looked at: in both schemes, on a desk and on a phone. */
export const LOOKS = (['light', 'dark'] as const).flatMap((scheme) => [1280, 360].map((width) => ({ scheme, width })));

/** Opens the page of a registry, and notes what goes wrong in it. */
export async function open(browser: Browser, url: string, { scheme = 'light', width = 1280 }: Look = {}) {
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: scheme, reducedMotion: 'reduce' });
  page.setDefaultTimeout(20_000);
  const faults: Faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  // That an answer is no success, browsers note as an error, too.
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) faults.push(message.text());
  });
  page.on('request', (request) => {
    if (new URL(request.url()).host !== new URL(url).host) faults.push(`asks ${request.url()}`);
  });
  page.on('dialog', (dialog) => {
    faults.push(`a script of others runs: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(`${url}/ui/`);
  await page.locator('h1').waitFor();
  return { page, faults };
}

/** Goes to a view, and waits until it is there. */
export async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
  await settled(page);
}

/** Waits until nothing is being read any more. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').waitFor();
  await page.locator('main [aria-busy]').first().waitFor({ state: 'detached' });
}

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** A registry with one of each, and some files. */
export async function estate(): Promise<Registry & { readonly base: string }> {
  const { url: base } = await upstream((request, response) => {
    if (request.url?.includes('missing')) response.statusCode = 404;
    response.setHeader('content-type', 'application/octet-stream').end('x'.repeat(2000));
  });
  const running = await registry({ trafficEveryMs: 100 });
  const { url } = running;
  await addRemote(url, { name: 'files', base_url: base, description: 'Tools of vendors' });
  await addRemote(url, {
    name: 'npm',
    package_type: 'npm',
    base_url: 'https://npm.example.com',
    username: 'reader',
    password: 'p',
    mutable_ttl: 300,
  });
  await addRemote(url, { name: 'images', package_type: 'docker', base_url: 'https://registry.example.com' });
  await addRemote(url, { name: 'npm-internal', package_type: 'npm', repo_type: 'local' });
  await addRemote(url, { name: 'handbooks', repo_type: 'local' });
  await addVirtual(url, { name: 'npm-all', package_type: 'npm', members: ['npm-internal', 'npm'] });
  const paths = ['cli/1.0.0/cli-linux.tar.gz', 'cli/1.0.0/cli-macos.tar.gz', 'cli/1.1.0/cli-linux.tar.gz', 'docs/guide.pdf', 'readme.txt'];
  for (const [at, path] of paths.entries())
    for (let times = 0; times <= 3 * at; times++) await call('GET', `${url}/api/v1/remote/files/${path}`);
  await call('PUT', `${url}/api/v2/remotes/handbooks/files/first/steps.txt`, { body: 'step by step' });
  return { ...running, base };
}

/** Shows a part of a repository. */
export const tab = (page: Page, name: string) =>
  page
    .getByRole('tab', { name, exact: true })
    .click()
    .then(() => settled(page));
/** The paths of the cached files. */
export const cached = async (url: string) =>
  ((await call('GET', `${url}/api/v2/remotes/files/objects`)).json as { items: { path: string }[] | null }).items?.map(
    ({ path }) => path,
  ) ?? [];

/** Waits until something is so. */
export async function until(isSo: () => Promise<unknown>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** What axe finds wrong with what is shown, and whether it is wider than the window. */
export async function problemsOf(page: Page): Promise<string[]> {
  if (!(await page.evaluate('Boolean(window.axe)'))) await page.evaluate(`(() => { const module = undefined; ${axe} })()`);
  const found = (await page.evaluate('axe.run()')) as {
    violations: { id: string; help: string; nodes: { html: string }[] }[];
  };
  const wide = (await page.evaluate('document.documentElement.scrollWidth > innerWidth')) as boolean;
  const texts = found.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html}`);
  return wide ? [...texts, 'it scrolls sideways'] : texts;
}

/** What is wrong with what is shown, however it is looked at. */
export async function problemsInAllLooks(page: Page): Promise<string[]> {
  const problems: string[] = [];
  for (const { scheme, width } of LOOKS) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 800 });
    problems.push(...(await problemsOf(page)).map((problem) => `${scheme}, ${width}: ${problem}`));
  }
  return problems;
}

/** The text of a snippet. */
export const snippet = (page: Page, label: string): Promise<string> =>
  page
    .getByRole('group', { name: label, exact: true })
    .locator('code')
    .textContent()
    .then((text) => text ?? '');

export const rows = (page: Page): Locator => page.locator('.rows [role="row"]');

/**
 * Compares what a view consists of with its picture in the docs, whose structure is kept beside the test; with REPOFORM_PICTURES=update
 * both are made anew. Figures, times and pixels may differ.
 */
export async function pictured(page: Page, name: string, scheme: 'light' | 'dark'): Promise<{ is: string; was: string }> {
  const file = join(__dirname, 'structures', `${name}.txt`);
  const is = `${(await page.locator('body').ariaSnapshot()).replace(/\d[\d.,:]*/g, '0')}\n`;
  if (process.env['REPOFORM_PICTURES'] === 'update') {
    writeFileSync(file, is);
    await page.emulateMedia({ colorScheme: scheme });
    await page.screenshot({ path: join(root, `docs/img/page-${name}-${scheme}.png`) });
  }
  return { is, was: readFileSync(file, 'utf8') };
}
