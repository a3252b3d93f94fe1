import { nodeProblem } from '../../src/common/node-version';

const fine = ['v20.19.0', 'v20.20.2', 'v22.0.0', 'v24.1.0', '100.0.0', 'v25.0.0-nightly'];
const tooOld = ['v0.10.48', 'v12.22.12', 'v18.20.8', 'v20.0.0', 'v20.18.3', '20.9.0'];

describe('the check of the Node version', () => {
  test.each(fine)('takes %s', (version) => {
    expect(nodeProblem(version)).toBeUndefined();
  });

  test.each(tooOld)('refuses %s in one line that says what to do', (version) => {
    expect(nodeProblem(version)).toBe(
      `repoform needs Node 20.19 or newer, and this is Node ${version.replace('v', '')}; install a newer one from https://nodejs.org`,
    );
  });
});
