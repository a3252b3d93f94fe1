import type { PackageType } from '../shared';

export const alpine: PackageType = {
  name: 'alpine',
  title: 'Alpine package repository',
  upstream: 'https://alpine.example.com/v3.22/main',
  notes: '`APKINDEX.tar.gz` counts as changing, packages as never changing.',
};
