const Sequencer = require('@jest/test-sequencer').default;

/** Suites that take long although their files are short; without times of earlier runs, as in CI, jest would begin with the largest files. */
const longest = [
  'soak/soak.long',
  'contract/faults.long',
  'contract/generated.long',
  'contract/lifecycle.long',
  'acceptance/own-provider.long',
  'contract/read-faults',
  'release/release.long',
  'acceptance/loss.long',
  'docs/site.long',
  'adopt/estates',
  'acceptance/recovery.long',
  'resources/kubesphere/connection',
  'pipelines/github.long',
  'pipelines/locks.long',
  'registry/ui/page.long',
  'contract/eleventh',
  'acceptance/deploy',
  'acceptance/secrets',
  'registry/replicas.long',
  'registry/store/interleavings.long',
  'pipelines/gitlab.long',
  'acceptance/original.long',
  'adopt/deploy.long',
  'resources/kubesphere/hostile',
  'registry/kubesphere/recorded',
  'plans/diff.long',
  'constructs/build',
  'contract/terraform',
  'acceptance/lifecycle',
  'registry/formats/off-thread',
];

/** The longest first, so that no worker ends with one of them while the others have nothing left to do. */
module.exports = class extends Sequencer {
  sort(tests) {
    const rank = ({ path, duration }) => {
      const place = longest.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
      return duration != null || place === -1 ? longest.length : place;
    };
    return super.sort(tests).sort((one, other) => rank(one) - rank(other));
  }
};
