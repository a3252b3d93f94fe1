import { type Browser, type Page } from 'playwright-core';
import { guarded } from '../access/support';
import { addRemote, call, registry, tempFolder, upstream } from '../helpers';
import { cached, estate, go, open, problemsInAllLooks, problemsOf, rows, snippet, tab } from './browser';

const minutes = 60_000;

/** What can be done with the page, and what nobody can do with it. */
export function actTests(launched: () => Browser): void {
  let browser: Browser;
  beforeAll(() => void (browser = launched()));

  test(
    'evicts what is named, after a question, and nothing of a local repository',
    async () => {
      const { url } = await estate();
      const { page } = await open(browser, url);
      await go(page, '#/remote/files');
      const before = await cached(url);
      await rows(page).filter({ hasText: 'cli/' }).focus();
      await page.keyboard.press('Delete');
      const dialog = page.getByRole('dialog', { name: 'Evict a folder from the cache?' });
      await dialog.waitFor();
      for (const text of ['files', 'cli/', '3 files, 6.0 kB']) expect(await dialog.textContent()).toContain(text);
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await dialog.waitFor({ state: 'detached' });
      expect(await cached(url)).toEqual(before);
      await page.keyboard.press('Delete');
      await dialog.getByRole('button', { name: 'Evict' }).click();
      await page.getByRole('status').filter({ hasText: 'Evicted cli/ from files' }).waitFor();
      expect(await rows(page).first().textContent()).toContain('docs/');
      expect(await cached(url)).toEqual(['docs/guide.pdf', 'readme.txt']);
      await rows(page).filter({ hasText: 'readme.txt' }).hover();
      await page.getByRole('button', { name: 'Evict readme.txt' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Evict' }).click();
      await page.getByRole('status').filter({ hasText: 'Evicted readme.txt' }).waitFor();
      expect(await cached(url)).toEqual(['docs/guide.pdf']);
      await go(page, '#/local/handbooks');
      await rows(page).first().waitFor();
      expect(await page.getByRole('button', { name: /Evict/ }).count()).toBe(0);
      await rows(page).first().focus();
      await page.keyboard.press('Delete');
      expect(await page.getByRole('dialog').count()).toBe(0);
    },
    minutes,
  );

  test(
    'a probe says what became of it',
    async () => {
      const { url } = await estate();
      const { page } = await open(browser, url);
      await go(page, '#/remote/files');
      await tab(page, 'Probe');
      const probe = async (path: string) => {
        await page.getByLabel('Path').fill(path);
        await page.getByRole('button', { name: 'Probe' }).click();
        await page.locator('main dt', { hasText: 'Duration' }).waitFor();
        return page.getByRole('tabpanel').textContent();
      };
      expect(await probe('new/file')).toContain('Found, from the upstream');
      expect(await cached(url)).toContain('new/file');
      await tab(page, 'Files');
      await tab(page, 'Probe');
      expect(await probe('missing')).toContain('Failed with 404');
    },
    minutes,
  );

  test(
    'names of others are texts, and change nothing around them',
    async () => {
      const { url } = await estate();
      const evil = ['<img src=x onerror=alert(1)>.txt', 'a\u202Etxt.exe', `${'long-'.repeat(40)}name.bin`, '"onmouseover=alert(2) x="'];
      for (const path of evil) await call('PUT', `${url}/api/v2/remotes/handbooks/files/${encodeURIComponent(path)}`, { body: 'x' });
      const description = '<script>alert(3)</script>\u202Eegami';
      await addRemote(url, {
        name: 'hostile',
        base_url: 'https://evil.example/${alert(4)}',
        description,
        blocklist: ["'+alert(5)+'"],
      });
      const { page, faults } = await open(browser, url, { width: 360 });
      expect(await page.locator('tr', { hasText: 'hostile' }).textContent()).toContain('<script>alert(3)</script>\\u202eegami');
      await go(page, '#/local/handbooks');
      const shown = (await rows(page).allTextContents()).join('\n');
      expect(shown).toContain('<img src=x onerror=alert(1)>.txt');
      expect(shown).toContain('a\\u202etxt.exe');
      expect(await problemsOf(page)).toEqual([]);
      await go(page, '#/remote/hostile');
      await tab(page, 'As code');
      const code = await snippet(page, 'TypeScript, cdktf');
      expect(code).toContain(`baseUrl: 'https://evil.example/$\${alert(4)}',`);
      expect(code).toContain(`blocklist: ["'+alert(5)+'"],`);
      await go(page, '#/remote/%3Cimg%20src=x%20onerror=alert(6)%3E');
      await page.getByRole('alert').filter({ hasText: 'The registry answers 404' }).waitFor();
      await go(page, '#/activity');
      await call('PUT', `${url}/api/v2/remotes/handbooks/files/${encodeURIComponent('<b onclick=alert(7)>')}`, { body: 'x' });
      await page.locator('.events li', { hasText: '<b onclick=alert(7)>' }).waitFor();
      expect(faults).toEqual([]);
    },
    minutes,
  );

  test(
    'events appear as they happen; a registry that stops and comes back is noticed',
    async () => {
      const data = tempFolder();
      const first = await registry({ data });
      const port = Number(new URL(first.url).port);
      const { page } = await open(browser, first.url);
      await go(page, '#/activity');
      await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
      await addRemote(first.url, { name: 'own', repo_type: 'local' });
      await call('PUT', `${first.url}/api/v2/remotes/own/files/a/b.txt`, { body: 'hello' });
      await page.locator('.events li').nth(1).waitFor();
      expect((await page.locator('.events li').allTextContents()).map((text) => text.replace(/^[\d:]+/, ''))).toEqual([
        'uploadedowna/b.txt5 B',
        'createdown',
      ]);
      await page.getByRole('button', { name: 'Pause' }).click();
      await call('PUT', `${first.url}/api/v2/remotes/own/files/c.txt`, { body: 'hello' });
      await go(page, '#/');
      await page.getByRole('link', { name: 'own' }).waitFor();

      await first.close();
      await page.getByRole('alert').filter({ hasText: 'The registry does not respond' }).waitFor();
      await go(page, '#/health');
      await page.getByText('This view loads when it does').waitFor();
      await registry({ data, port });
      await page.getByText('The registry is healthy.').waitFor();
      await page.getByRole('alert').filter({ hasText: 'does not respond' }).waitFor({ state: 'hidden' });
      await go(page, '#/activity');
      await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
      await page.locator('.events li', { hasText: 'c.txt' }).waitFor();
    },
    minutes,
  );

  test(
    'where logins are required, it asks for a token and keeps it in its tab',
    async () => {
      const { url, secrets } = await guarded({ reader: ['read:files'] });
      await call('POST', `${url}/api/v2/remotes`, {
        body: { name: 'files', package_type: 'generic', base_url: 'https://files.example.com' },
        headers: { authorization: `Bearer ${secrets.admin}` },
      });
      const { page, faults } = await open(browser, url);
      const dialog = page.getByRole('dialog', { name: 'Log in to the registry' });
      await dialog.waitFor();
      expect(await problemsOf(page)).toEqual([]);
      await dialog.getByLabel('Token').fill('wrong');
      await page.keyboard.press('Enter');
      await dialog.getByRole('alert').waitFor();
      await dialog.getByLabel('Token').fill(secrets.reader);
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: 'files' }).waitFor();
      expect(await page.evaluate('[localStorage.length, document.cookie, sessionStorage.length]')).toEqual([0, '', 1]);
      // Somebody who may read one repository does not see what is about all.
      await go(page, '#/statistics');
      await page.getByRole('alert').filter({ hasText: 'The registry answers 403' }).waitFor();
      await page.getByRole('button', { name: 'Log out' }).click();
      await dialog.waitFor();
      expect(await page.evaluate('sessionStorage.length')).toBe(0);
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await page.getByText('Log in to see this').first().waitFor();
      expect(faults).toEqual([]);
    },
    minutes,
  );

  test(
    'a page of another site cannot make the browser evict or fetch',
    async () => {
      const { url } = await estate();
      const before = await cached(url);
      const other = await upstream((_request, response) =>
        response.setHeader('content-type', 'text/html').end('<!doctype html><title>other</title>'),
      );
      const page = await browser.newPage();
      await page.goto(other.url);
      await page.evaluate(`Promise.allSettled([
      fetch(${JSON.stringify(`${url}/api/v2/probe`)}, { method: 'POST', mode: 'no-cors', body: '{"remote":"files","path":"stolen"}' }),
      fetch(${JSON.stringify(`${url}/api/v2/remotes/files/objects/readme.txt`)}, { method: 'DELETE' }),
      fetch(${JSON.stringify(`${url}/ui/api/repositories/files/folder?path=cli/`)}, { method: 'DELETE' }),
    ])`);
      expect(await cached(url)).toEqual(before);
      await page.goto(`${other.url}/frame`);
      await page.setContent(`<iframe src="${url}/ui/"></iframe>`);
      expect(page.frames()[1]?.url()).toBe('chrome-error://chromewebdata/');
    },
    minutes,
  );

  test(
    'projects of BK-Repo and app repositories of KubeSphere are shown to who logs in there',
    async () => {
      const { urls } = await registry({ backends: ['bkrepo', 'kubesphere'], bkrepo: { port: 0, seed: true }, kubesphere: { port: 0 } });
      const logIn = async (page: Page, password: string) => {
        await page.getByLabel('User name').fill('admin');
        await page.getByLabel('Password').fill(password);
        await page.keyboard.press('Enter');
      };
      const auth = { authorization: `Basic ${Buffer.from('admin:password').toString('base64')}` };
      await call('PUT', `${urls.bkrepo}/generic/blueking/generic-local/tools/a.txt`, { body: 'hello', headers: auth });
      const bkrepo = await open(browser, urls.bkrepo ?? '');
      expect(await problemsInAllLooks(bkrepo.page)).toEqual([]);
      await logIn(bkrepo.page, 'password');
      await bkrepo.page.getByRole('link', { name: 'blueking' }).waitFor();
      expect(await problemsInAllLooks(bkrepo.page)).toEqual([]);
      await bkrepo.page.getByRole('link', { name: 'blueking' }).click();
      await bkrepo.page.getByRole('link', { name: 'npm-local' }).waitFor();
      expect(await problemsInAllLooks(bkrepo.page)).toEqual([]);
      await bkrepo.page.getByRole('link', { name: 'npm-local' }).click();
      await tab(bkrepo.page, 'Client setup');
      expect(await snippet(bkrepo.page, '.npmrc')).toContain(`registry=${urls.bkrepo}/npm/blueking/npm-local/\n`);
      await tab(bkrepo.page, 'As code');
      expect(await snippet(bkrepo.page, 'TypeScript, cdktf')).toContain(
        `new LocalRepository(this, 'npm-local', {\n  project: 'blueking',\n  name: 'npm-local',\n  type: 'NPM',\n`,
      );
      expect([...(await problemsInAllLooks(bkrepo.page)), ...bkrepo.faults]).toEqual([]);

      const chart = await upstream((_request, response) => response.end('apiVersion: v1\nentries: {}\n'));
      const repository = {
        metadata: { name: 'stable', labels: { 'kubesphere.io/workspace': 'demo' } },
        spec: { url: chart.url.replace('//', '//ci:unshown@'), syncPeriod: 3600 },
      };
      const root = `${urls.kubesphere}/kapis/application.kubesphere.io/v2/workspaces/demo/repos`;
      const made = await call('POST', root, {
        body: repository,
        headers: { authorization: `Basic ${Buffer.from('admin:P@88w0rd').toString('base64')}`, 'content-type': 'application/json' },
      });
      expect([made.status, made.text]).toEqual([200, expect.any(String)]);
      const kubesphere = await open(browser, urls.kubesphere ?? '');
      await logIn(kubesphere.page, 'P@88w0rd');
      await kubesphere.page.getByRole('link', { name: 'stable' }).waitFor();
      expect(await problemsInAllLooks(kubesphere.page)).toEqual([]);
      await kubesphere.page.getByRole('link', { name: 'stable' }).click();
      await tab(kubesphere.page, 'As code');
      expect(await snippet(kubesphere.page, 'TypeScript, cdktf')).toBe(`import { AppRepository } from 'repoform/kubesphere';

// The server never returns passwordWo; set it from a secret.
new AppRepository(this, 'stable', {
  name: 'stable',
  workspace: 'demo',
  url: '${chart.url}',
  username: 'ci',
  syncPeriod: '1h',
});
`);
      expect(await kubesphere.page.content()).not.toContain('unshown');
      expect([...(await problemsInAllLooks(kubesphere.page)), ...kubesphere.faults]).toEqual([]);
    },
    2 * minutes,
  );
}
