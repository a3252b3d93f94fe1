import type { DocsSection } from '../../schema/define';

/** What its page says besides the attributes. */
export const sections: readonly DocsSection[] = [
  {
    title: 'Generations of KubeSphere',
    text: `KubeSphere 3 and 4 keep repositories in entirely different ways; the provider finds out which one it talks to (\`api_version\`).

| | KubeSphere 3.2 to 3.4 | KubeSphere 4.1 |
| --- | --- | --- |
| types | http, https, s3 | http, https, and oci from 4.1.2 |
| name | free text, unique in its workspace | the name of an object, unique on the server |
| display name | none: the name is displayed | \`display_name\` |
| first sync | always | with \`sync_period\`, or when told to (\`sync_on_change\`, from 4.1.3) |
| failed sync | \`status\` is \`failed\` | \`status\` stays \`syncing\` |
| changed password | replaces the repository if the former one no longer works: the server tests with that | changes it |

What a server cannot do is an error at plan that names the version that can.`,
  },
  {
    title: 'Object stores',
    text: `KubeSphere 3 reads buckets of QingStor and of every other S3-compatible store: \`s3://s3.<zone>.<host>/<bucket>/\`, with the path of the
repository behind the bucket, if any. \`s3.<zone>.qingstor.com/<bucket>/\`, as its form has it, is the same. Hosts that do not begin with \`s3.\`,
such as those of MinIO, are read over http and in the region \`us-east-1\`. The function \`s3_url\` makes such a URL. KubeSphere 4 cannot read
buckets; serve the bucket over http or https there.`,
  },
  {
    title: 'Certificates',
    text: `The server does not verify the certificate of a repository, and its API offers no way to change that: a CA or a client certificate, sent
to it, is dropped. They can be set only in the Kubernetes object; see the construct \`AppRepositoryManifest\`.`,
  },
  {
    title: 'Deletes',
    text: `With a repository, KubeSphere 4 deletes its applications and their versions. Installed releases stay, but cannot be upgraded or rolled back
to a chart of the repository. Set \`prevent_destroy\` in its \`lifecycle\` to prevent that.`,
  },
  {
    title: 'Import by id',
    text: `The id of a repository serves as import id too, with its workspace (\`demo/repo-7x2k9w4q1z5v8m\`), or without it if the user of the provider
may read all workspaces.`,
  },
];
