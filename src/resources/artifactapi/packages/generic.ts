import type { PackageType } from '../shared';

export const generic: PackageType = {
  name: 'generic',
  title: 'file server',
  upstream: 'https://files.example.com',
  notes: 'Every file counts as never changing; name those that do change in `mutable_patterns`.',
};
