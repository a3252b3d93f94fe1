import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hints } from '../../src/testing/hints';

/** Storage credentials that a server to test on has. */
export const storageKeys = ['hdd', 'ssd'] as const;

const channel = (name: string): object => ({
  name,
  url: 'https://upstream.example.com',
  public: true,
  username: null,
  credentialKey: null,
});

let files: readonly [string, string] | undefined;

/** Two files that can be uploaded. */
function twoFiles(): readonly [string, string] {
  if (files) return files;
  const folder = mkdtempSync(join(tmpdir(), 'repoform-hint-'));
  files = [join(folder, 'one.txt'), join(folder, 'other.txt')];
  for (const file of files) writeFileSync(file, file);
  return files;
}

/** Attributes of buckets, which only KubeSphere 3 reads. */
const bucketKeys = ['accessKeyId', 'secretAccessKey', 'secretAccessKeyWo', 'secretAccessKeyWoVersion'];

/** What the contract suite has to know of the providers of this package. */
export const hints: Hints = {
  values: {
    storageCredentialsKey: storageKeys,
    credentialsKey: storageKeys,
    'bkrepo_permission.repositories': [['local-packages-referred'], ['local-packages-referred', 'another']],
    'bkrepo_composite_repository.channels': [[channel('one')], [channel('other'), channel('one')]],
    'bkrepo_node_metadata.metadata': [{ stage: 'one' }, { stage: 'two' }],
    visibility: ['PROJECT', 'SYSTEM'],
    'bkrepo_local_repository.type': ['MAVEN', 'NPM'],
    'bkrepo_composite_repository.type': ['MAVEN', 'NPM'],
    'bkrepo_virtual_repository.type': ['MAVEN', 'NPM'],
    'kubesphere_app_repository.url': ['https://charts.example.com/stable', 'https://charts.example.com/incubator/'],
    'kubesphere_app_repository.type': [null, 'https'],
    'kubesphere_app_repository.syncPeriod': ['1h', '3m'],
    'kubesphere_app_repository.syncTimeout': ['1m', '90s'],
    ...Object.fromEntries(bucketKeys.map((name) => [`kubesphere_app_repository.${name}`, [null, null]])),
    get 'artifactapi_local_file.source'() {
      return twoFiles();
    },
    get 'bkrepo_generic_file.source'() {
      return twoFiles();
    },
  },
  unique: ['bkrepo_role.name'],
  // With tests of their own.
  fixed: ['storageCredentialsKey', ...bucketKeys.map((name) => `kubesphere_app_repository.${name}`)],
  lasting: [
    'bkrepo_user.asstUsers',
    'bkrepo_user.password',
    // A user name without a password, and the other way round, is refused.
    ...['username', 'password', 'passwordWo'].map((name) => `kubesphere_app_repository.${name}`),
  ],
  omitted: ['kubesphere_app_repository.creator'],
  // Its example is a remote whose upstream there is not.
  failing: ['artifactapi_probe_remote'],
  // The password may be one that the server has, but a new repository has none.
  refuses: (type, { username, password, passwordWo }) =>
    type === 'kubesphere_app_repository' && (username === undefined) !== ((password ?? passwordWo) === undefined),
  patient: /validate=true$/,
};

/** The same for KubeSphere 3, which has no display names, and does not tell when a status changed. */
export const hintsOf34: Hints = {
  ...hints,
  values: { ...hints.values, 'kubesphere_app_repository.displayName': ['', ''] },
  fixed: [...(hints.fixed ?? []), 'kubesphere_app_repository.displayName'],
  omitted: ['kubesphere_app_repository.lastUpdateTime'],
};
