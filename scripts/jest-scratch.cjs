const { chmodSync, mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/**
 * Before the tests it makes a folder for what suites of a run share, `REPOFORM_SCRATCH`, which is also where their temporary files go; after
 * them it removes the folder.
 */
module.exports = () => {
  if (globalThis.scratch) return rmSync(globalThis.scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  // Short, since paths of sockets have at most 107 characters, and some folders of podman 50.
  globalThis.scratch = process.env.REPOFORM_SCRATCH = process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'rf-'));
  // As that of the machine: some servers refuse to run as root.
  chmodSync(globalThis.scratch, 0o1777);
};
