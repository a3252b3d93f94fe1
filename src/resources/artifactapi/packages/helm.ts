import type { PackageType } from '../shared';

export const helm: PackageType = {
  name: 'helm',
  title: 'Helm chart repository',
  upstream: 'https://charts.example.com',
  notes: '`index.yaml` counts as changing, charts as never changing.',
};
