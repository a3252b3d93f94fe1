import { dockerNameProblem } from '../../../common/repository-name';
import { attr, pattern, z } from '../../../schema/define';
import type { PackageType } from '../shared';

export const docker: PackageType = {
  name: 'docker',
  title: 'container registry',
  upstream: 'https://registry.example.com',
  notes: 'Tags and tag lists count as changing, blobs and manifests by digest as never changing.',
  url: 'Docker clients do not use `url`: an image is `HOST/NAME/IMAGE:TAG`, where `HOST` is the host of the endpoint and `NAME` the name of the repository. `clientConfig()` and the function `client_config` give configurations of containerd and podman.',
  publishing:
    'Push with any client of the registry API:\n\n```sh\ndocker tag app:1.0 HOST/NAME/app:1.0\ndocker push HOST/NAME/app:1.0\n```\n\n`upload_url` is of no use to images.',
  served: ['local'],
  clientNames: dockerNameProblem,
  remote: {
    banTagsEnabled: attr(z.boolean().default(false), 'Whether `ban_tags` is in force.'),
    banTags: attr(z.array(pattern).default([]), 'RE2 patterns of the tags that are refused; pulls by digest never are.'),
  },
  remoteExample: { banTagsEnabled: true, banTags: ['^latest$'] },
};
