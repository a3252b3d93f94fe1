const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** Before the tests it makes a folder for what suites of a run share, `REPOFORM_SCRATCH`; after them it removes the folder. */
module.exports = () => {
  if (globalThis.scratch) return rmSync(globalThis.scratch, { recursive: true, force: true });
  globalThis.scratch = process.env.REPOFORM_SCRATCH = mkdtempSync(join(tmpdir(), 'repoform-tests-'));
};
