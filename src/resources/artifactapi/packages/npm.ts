import type { PackageType } from '../shared';

export const npm: PackageType = {
  name: 'npm',
  title: 'npm registry',
  upstream: 'https://npm.example.com',
  notes: 'Package metadata counts as changing, tarballs as never changing.',
};
