import * as z from 'zod';
import { dockerNameProblem } from '../../../common/repository-name';
import { attr } from '../../../schema/attribute';
import { pattern } from '../../../schema/types';
import type { PackageType } from '../shared';

export const docker: PackageType = {
  name: 'docker',
  title: 'container registry',
  upstream: 'https://registry.example.com',
  notes: 'Tags and tag lists count as changing, blobs and manifests by digest as never changing.',
  clientNames: dockerNameProblem,
  remote: {
    banTagsEnabled: attr(z.boolean().default(false), 'Whether `ban_tags` is in force.'),
    banTags: attr(z.array(pattern).default([]), 'RE2 patterns of the tags that are refused; pulls by digest never are.'),
  },
  remoteExample: { banTagsEnabled: true, banTags: ['^latest$'] },
};
