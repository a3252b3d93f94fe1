import type { ClientFormat } from './client-format';
import { packages } from './gen/packages';

/** A configuration format and the package type whose clients read it. */
export interface PackageClientFormat extends ClientFormat {
  readonly packageType: string;
}

/** Every format, by name. */
export const clientFormats: readonly PackageClientFormat[] = packages
  .flatMap(({ name: packageType, clients = [] }) => clients.map((format) => ({ ...format, packageType })))
  .sort((a, b) => (a.name < b.name ? -1 : 1));
