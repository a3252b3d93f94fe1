import type { PackageType } from '../shared';

export const goproxy: PackageType = {
  name: 'goproxy',
  title: 'Go module proxy',
  upstream: 'https://go.example.com',
  notes: '`@v/list` and `@latest` count as changing, module files as never changing.',
};
