import type { PackageType } from '../shared';

export const puppet: PackageType = {
  name: 'puppet',
  title: 'Puppet Forge',
  upstream: 'https://forge.example.com',
  notes: '`v3/modules` and `v3/releases` count as changing, module archives as never changing.',
};
