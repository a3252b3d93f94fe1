import type { PackageType } from '../shared';

export const pypi: PackageType = {
  name: 'pypi',
  title: 'Python package index',
  upstream: 'https://pypi.example.com',
  notes: '`simple/` pages count as changing, wheels and source archives as never changing.',
};
