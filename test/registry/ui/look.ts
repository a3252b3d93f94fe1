import { type Browser } from 'playwright-core';
import { call, openTestStore, registry, tempFolder, addRemote } from '../helpers';
import { estate, go, LOOKS, open, pictured, problemsOf, rows, snippet, tab, until } from './browser';

const minutes = 60_000;

/** What the page shows. */
export function lookTests(launched: () => Browser): void {
  let browser: Browser;
  beforeAll(() => void (browser = launched()));

  test(
    'every view can be read and used by everybody, in both schemes and at two widths, and asks nobody else',
    async () => {
      const { url } = await estate();
      const views: readonly (readonly [string, string?])[] = [
        ['#/'],
        ['#/remote/files'],
        ['#/remote/npm', 'Client setup'],
        ['#/remote/npm', 'As code'],
        ['#/remote/npm', 'Settings'],
        ['#/remote/files', 'Probe'],
        ['#/local/handbooks'],
        ['#/virtual/npm-all'],
        ['#/statistics'],
        ['#/activity'],
        ['#/health'],
        ['#/nowhere'],
      ];
      for (const { scheme, width } of LOOKS) {
        const { page, faults } = await open(browser, url, { scheme, width });
        for (const [hash, part] of views) {
          await go(page, hash);
          if (part !== undefined) await tab(page, part);
          expect([scheme, width, hash, part, ...(await problemsOf(page))]).toEqual([scheme, width, hash, part]);
        }
        await go(page, '#/remote/files');
        await rows(page).first().focus();
        await page.keyboard.press('Delete');
        await page.getByRole('dialog').waitFor();
        expect([scheme, width, 'dialog', ...(await problemsOf(page)), ...faults]).toEqual([scheme, width, 'dialog']);
      }
    },
    5 * minutes,
  );

  test(
    'a registry without repositories says how to begin',
    async () => {
      const { url } = await registry();
      const { page, faults } = await open(browser, url);
      await page.getByRole('heading', { name: 'There are no repositories yet' }).waitFor();
      for (const hash of ['#/', '#/statistics', '#/activity', '#/health']) {
        await go(page, hash);
        expect([hash, ...(await problemsOf(page))]).toEqual([hash]);
      }
      expect(faults).toEqual([]);
    },
    minutes,
  );

  test(
    'clients and code for a repository can be copied',
    async () => {
      const { url } = await estate();
      const { page } = await open(browser, url);
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url });
      await go(page, '#/remote/npm');
      await tab(page, 'Client setup');
      const npmrc = `registry=${url}/api/v1/remote/npm/\nreplace-registry-host=always\n`;
      expect(await snippet(page, '.npmrc')).toBe(npmrc);
      await page.getByRole('button', { name: 'Copy .npmrc' }).click();
      await page.getByRole('status').filter({ hasText: '.npmrc copied' }).waitFor();
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(npmrc);
      await tab(page, 'As code');
      const typeScript = `import { RemoteNpm } from 'repoform/artifactapi';

// The server never returns passwordWo; set it from a secret.
new RemoteNpm(this, 'npm', {
  name: 'npm',
  baseUrl: 'https://npm.example.com',
  username: 'reader',
  mutableTtl: 300,
});
`;
      expect(await snippet(page, 'TypeScript, cdktf')).toBe(typeScript);
      expect(await snippet(page, 'HCL')).toBe(`resource "artifactapi_remote_npm" "npm" {
  name        = "npm"
  base_url    = "https://npm.example.com"
  username    = "reader"
  mutable_ttl = 300
  # The server never returns password_wo; set it from a variable.
}
`);
      await go(page, '#/virtual/npm-all');
      await tab(page, 'As code');
      expect(await snippet(page, 'TypeScript, cdktn')).toBe(`import { Virtual } from 'repoform/cdktn/artifactapi';

new Virtual(this, 'npm-all', {
  name: 'npm-all',
  packageType: 'npm',
  members: ['npm-internal', 'npm'],
});
`);
    },
    minutes,
  );

  test(
    'thousands of files come page by page',
    async () => {
      const data = tempFolder();
      const store = await openTestStore(data);
      const { hash } = await store.blobs.receive([Buffer.from('x')] as never);
      const now = new Date().toISOString();
      await store.close();
      const first = await registry({ data });
      await addRemote(first.url, { name: 'big', repo_type: 'local' });
      await first.close();
      const again = await openTestStore(data);
      await again.metadata.transaction(async (inside) => {
        const row = (at: number) => ({
          repo: 'big',
          path: `f/${String(at).padStart(5, '0')}`,
          hash,
          content_type: 'text/plain',
          metadata: '',
          created_at: now,
        });
        for (let at = 0; at < 5000; at += 100)
          await inside
            .tables<{ local_files: ReturnType<typeof row> }>()
            .insertInto('local_files')
            .values(Array.from({ length: 100 }, (_, more) => row(at + more)))
            .execute();
      });
      await again.close();
      const { url } = await registry({ data });
      const { page } = await open(browser, url);
      await go(page, '#/local/big');
      expect(await rows(page).first().textContent()).toContain('over 1,000');
      await rows(page).first().focus();
      await page.keyboard.press('ArrowRight');
      await rows(page).nth(101).waitFor();
      for (let pages = 2; pages <= 12; pages++) {
        await page.keyboard.press('End');
        await page.keyboard.press('Enter');
        await rows(page)
          .nth(pages * 100 + 1)
          .waitFor();
        // The focus is on the first of what came.
        const first = `${String((pages - 1) * 100).padStart(5, '0')}`;
        await until(() => page.evaluate(`document.activeElement.textContent.startsWith('${first}')`));
      }
      expect(await rows(page).count()).toBe(1202);
      expect(await rows(page).nth(1200).textContent()).toContain('01199');
    },
    2 * minutes,
  );

  test(
    'the pictures in the docs show the page as it is; REPOFORM_PICTURES=update makes them anew',
    async () => {
      const { url } = await estate();
      const { page } = await open(browser, url);
      await page.setViewportSize({ width: 1180, height: 620 });
      await go(page, '#/remote/files');
      await rows(page).first().focus();
      await page.keyboard.press('ArrowRight');
      await rows(page).filter({ hasText: '1.1.0/' }).waitFor();
      const tree = await pictured(page, 'files', 'light');
      expect(tree.is).toBe(tree.was);
      await work(url);
      await go(page, '#/statistics');
      await page.locator('svg .rate').waitFor();
      const statistics = await pictured(page, 'statistics', 'dark');
      expect(statistics.is).toBe(statistics.was);
    },
    minutes,
  );
}

/** Traffic as a cache has it that fills. */
async function work(url: string): Promise<void> {
  const points = async () => ((await call('GET', `${url}/ui/api/traffic`)).json as { points: unknown[] }).points.length;
  for (let round = 0; round < 48; round++) {
    const before = await points();
    const wanted = Array.from({ length: 3 + ((round * 7) % 5) }, (_, at) => (at * 5 + round * 11) % 60);
    await Promise.all(wanted.map((at) => call('GET', `${url}/api/v1/remote/files/images/layer-${at}.tar`)));
    await until(async () => (await points()) > before);
  }
}
