const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');

// Without it esbuild starts a process for each file.
process.env.ESBUILD_WORKER_THREADS ??= '1';
const esbuild = require('esbuild');

const options = {
  format: 'cjs',
  target: 'node20',
  sourcemap: 'inline',
  // jest has no loader of ES modules: `import()` requires.
  supported: { 'dynamic-import': false },
};
const own = createHash('sha256').update(readFileSync(__filename)).update(esbuild.version).digest('hex');

/** Has jest run TypeScript, and packages that come as ES modules only. It does not hoist `jest.mock` above imports: call `jest.doMock` and `import()`. */
module.exports = {
  getCacheKey: (text, path) => createHash('sha256').update(own).update(path).update('\0').update(text).digest('hex').slice(0, 32),
  process: (text, path) => ({
    code: esbuild.transformSync(text, { ...options, loader: path.endsWith('.ts') ? 'ts' : 'js', sourcefile: path }).code,
  }),
};
