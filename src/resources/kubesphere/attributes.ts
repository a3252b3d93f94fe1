import { attr, secret, text, z } from '../../schema/define';
import { durationProblem } from '../../common/duration';
import { repositoryNameProblem, workspaceProblem } from '../../common/kubesphere/name';
import { descriptionProblem } from '../../common/kubesphere/rules';
import { periodProblem, periodSeconds } from '../../common/kubesphere/sync-period';
import { isSameUrl, repositoryUrlProblem, schemeNames } from '../../common/kubesphere/url';
import { systemWorkspace } from './generations/calls';

/** What only the provider knows. */
const own = { api: false, notReturned: true } as const;

/** A secret. The server takes an empty one for none. */
const notEmpty = text((value) => (value === '' ? 'it is empty; leave it out, or set it' : undefined));

/** The workspace of a repository. */
export const workspace = text((name) => (name === '' ? undefined : workspaceProblem(name)));

/** The attributes that say where an index is and how to read it. */
export const source = {
  url: attr(
    text((url) => repositoryUrlProblem(url)),
    'URL of the repository, below which its `index.yaml` is: `http`, `https`, `s3` (KubeSphere 3) or `oci` (4.1.2 or later). A bucket may be written as in the form, `s3.<zone>.<host>/<bucket>/`. The server has to reach it from its own network.',
    { semanticEquals: isSameUrl, impact: 'upstream' },
  ),
  type: attr(
    z.enum(schemeNames as ['http', 'https', 's3', 'oci']).optional(),
    'Type of the repository. It is that of the URL, and may be set to have it checked.',
    own,
  ),
  username: attr(z.string().min(1).optional(), 'User name for basic authentication at the repository.', { impact: 'credentials' }),
  ...secret('password', 'Password for basic authentication at the repository.', { type: notEmpty, requires: ['username'] }),
  accessKeyId: attr(z.string().min(1).optional(), 'Id of the access key of the bucket, for the type s3, which only KubeSphere 3 reads.', {
    impact: 'credentials',
  }),
  ...secret('secretAccessKey', 'Secret access key of the bucket, for the type s3.', { type: notEmpty, requires: ['accessKeyId'] }),
};

/** The attributes of a repository. */
export const attributes = {
  name: attr(
    text((name) => repositoryNameProblem(name)),
    'Name of the repository. On KubeSphere 4 it is unique on the server and consists of up to 48 lower-case letters, digits and hyphens; on 3 it is free text, unique in the workspace.',
    { forceNew: true },
  ),
  workspace: attr(
    workspace.default(systemWorkspace),
    'Workspace whose members use the repository; it has to exist. Those in `system-workspace` are for every workspace on KubeSphere 4, and for no other one on 3.',
    { forceNew: true },
  ),
  displayName: attr(z.string().default(''), 'Name to display, free text.', { since: '4.0' }),
  ...source,
  description: attr(text(descriptionProblem).default(''), 'What is in the repository; at most 512 bytes in UTF-8.'),
  syncPeriod: attr(
    text(periodProblem).default('0s'),
    'How often the server reads the index again, in seconds (`"3600"`) or as a duration (`"1h"`): at least 180 s, or 0 for never.',
    { semanticEquals: (a, b) => periodSeconds(a) === periodSeconds(b) },
  ),
  validate: attr(
    z.boolean().default(true),
    'Whether to have the server read the index before a create, and before a change of the URL or the credentials. With `false`, the server still reads it on every create and most other writes, and refuses a URL that it cannot read; KubeSphere 3 reads it with the former credentials.',
    own,
  ),
  syncOnChange: attr(
    z.boolean().default(true),
    'Whether to have the server sync after a create, and after a change of the URL or the credentials. KubeSphere 4 does not do that by itself, and needs the right to `repos/action` and version 4.1.3 for it.',
    own,
  ),
  syncTrigger: attr(
    z.string().optional(),
    'Any text; a change of it has the server sync, e.g. the version of a chart. KubeSphere 4 before 4.1.3 cannot be told to, and syncs when the period has passed; a warning says so.',
    {
      api: 'sync_trigger',
      notReturned: true,
    },
  ),
  waitForSync: attr(z.boolean().default(false), 'Whether to wait until the server has synced; a failed sync is then an error.', own),
  syncTimeout: attr(
    text(durationProblem).default('11m'),
    'How long to wait for a sync, e.g. `2m`. KubeSphere 3 syncs at most once a minute, and pauses up to 10 minutes after failures.',
    own,
  ),
  id: attr(z.string(), 'Id on the server: the name on KubeSphere 4, a generated one on 3.', { computed: true }),
  status: attr(
    z.string(),
    'Status of the sync, e.g. `syncing`, `successful` or `failed`; it says nothing of the read of the index on a create.',
    { computed: true, volatile: true },
  ),
  lastUpdateTime: attr(z.string(), 'When the status last changed; only on KubeSphere 4.', { computed: true, volatile: true }),
  creator: attr(z.string(), 'User who created it, where the server records that.', { computed: true }),
  createTime: attr(z.string(), 'When it was created.', { computed: true }),
};

/** The attributes of a repository. */
export type RepositoryAttributes = typeof attributes;
