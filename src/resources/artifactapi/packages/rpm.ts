import type { PackageType } from '../shared';

export const rpm: PackageType = {
  name: 'rpm',
  title: 'RPM repository',
  upstream: 'https://rpm.example.com/el9',
  notes: '`repodata/` counts as changing, packages as never changing.',
};
