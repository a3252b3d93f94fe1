import { type Browser } from 'playwright-core';
import { cached, estate, go, open, rows, settled } from './browser';

const minutes = 60_000;

/** What can be done without a mouse. */
export function keyTests(launched: () => Browser): void {
  let browser: Browser;
  beforeAll(() => void (browser = launched()));

  test(
    'the tree works by keyboard alone, and what has the focus can be seen',
    async () => {
      const { url } = await estate();
      const { page } = await open(browser, url);
      await go(page, '#/remote/files');
      // Of a row, its name.
      const focused = () =>
        page.evaluate(
          `(({ role, textContent }) => (role === 'row' ? document.activeElement.querySelector('.name').textContent : textContent))(document.activeElement)`,
        );
      const press = async (...keys: string[]) => {
        for (const key of keys) {
          await page.keyboard.press(key);
          await settled(page);
        }
        return focused();
      };
      let name: unknown;
      for (let presses = 0; presses < 30 && name !== 'cli/'; presses++) {
        name = await press('Tab');
        const outline = await page.evaluate(`getComputedStyle(document.activeElement).outlineStyle`);
        expect([name, outline]).toEqual([name, 'solid']);
      }
      expect(name).toBe('cli/');
      await page.keyboard.press('ArrowRight');
      await rows(page).filter({ hasText: '1.1.0/' }).waitFor();
      expect(await press('ArrowRight')).toBe('1.0.0/');
      await page.keyboard.press('Enter');
      await rows(page).filter({ hasText: 'cli-macos' }).waitFor();
      expect(await press('ArrowRight', 'ArrowDown')).toBe('cli-macos.tar.gz');
      expect(
        await page.evaluate(
          `(({ ariaLevel, ariaPosInSet, ariaSetSize }) => [ariaLevel, ariaPosInSet, ariaSetSize])(document.activeElement)`,
        ),
      ).toEqual(['3', '2', '2']);
      expect(await press('ArrowLeft')).toBe('1.0.0/');
      expect(await press('ArrowLeft', 'ArrowLeft')).toBe('cli/');
      expect(await press('End')).toBe('readme.txt');
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog', { name: 'File' });
      await dialog.waitFor();
      expect(await dialog.textContent()).toContain(`${url}/api/v1/remote/files/readme.txt`);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(await focused()).toBe('readme.txt');
      expect(await press('Tab')).toBe('Evict');
      expect(await press('Shift+Tab', 'Home', 'ArrowLeft')).toBe('cli/');
      expect(await rows(page).count()).toBe(3);
    },
    minutes,
  );

  test(
    'tabs, Copy and Probe work by keyboard alone',
    async () => {
      const { url } = await estate();
      const { page, faults } = await open(browser, url);
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url });
      await go(page, '#/remote/files');
      const focused = () => page.evaluate('document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent');
      /** Presses a key until something has the focus that is named so, as someone does who looks for it. */
      const reach = async (key: string, name: string) => {
        for (let presses = 0; (await focused()) !== name; presses++) {
          expect([name, presses]).toEqual([name, Math.min(presses, 40)]);
          await page.keyboard.press(key);
          await settled(page);
        }
        expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
      };
      const selected = () => page.getByRole('tab', { selected: true }).textContent();
      const press = async (key: string) => {
        await page.keyboard.press(key);
        await settled(page);
        expect(await selected()).toBe(await focused());
        return focused();
      };
      await reach('Tab', 'Files');
      const names = await page.getByRole('tab').allTextContents();
      expect(names).toEqual(['Files', 'Client setup', 'As code', 'Settings', 'Probe']);
      // Round by the arrow keys, and to the ends.
      for (const name of [...names.slice(1), 'Files']) expect(await press('ArrowRight')).toBe(name);
      expect([await press('ArrowLeft'), await press('Home'), await press('End')]).toEqual(['Probe', 'Files', 'Probe']);
      // One tab alone is a stop of the Tab key; the panel is the next.
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.getAttribute("role")')).toBe('tabpanel');
      await page.keyboard.press('Tab');
      await page.keyboard.type('docs/new.pdf');
      await page.keyboard.press('Enter');
      await page.getByRole('status').filter({ hasText: 'Found, from the upstream' }).waitFor();
      await reach('Tab', 'Probe');
      await page.keyboard.press('Space');
      await page.getByRole('status').filter({ hasText: 'Found, from the cache' }).waitFor();
      expect(await cached(url)).toContain('docs/new.pdf');

      await go(page, '#/remote/npm');
      await reach('Tab', 'Files');
      await press('ArrowRight');
      await reach('Tab', 'Copy .npmrc');
      await page.keyboard.press('Enter');
      await page.getByRole('status').filter({ hasText: '.npmrc copied' }).waitFor();
      expect(await page.evaluate('navigator.clipboard.readText()')).toContain(`registry=${url}/api/v1/remote/npm/\n`);
      expect(faults).toEqual([]);
    },
    minutes,
  );
}
