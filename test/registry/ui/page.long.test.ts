import { type Browser } from 'playwright-core';
import { buildPage } from '../../../scripts/build-page';
import { cleanUp } from '../helpers';
import { actTests } from './act';
import { describeClient, launch } from './browser';
import { keyTests } from './keys';
import { lookTests } from './look';

describeClient('chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    // The page as it is now, and not as it was when the package was last built.
    await buildPage();
    browser = await launch();
  }, 120_000);
  afterAll(() => browser?.close());
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await cleanUp();
  });

  lookTests(() => browser);
  keyTests(() => browser);
  actTests(() => browser);
});
