import { type Repository } from '../model';

/** How repositories of a type are served. */
interface Service {
  /** The package type whose format serves them. */
  readonly packageType: string;
  /** What the URL of a repository begins with. */
  readonly prefix: string;
  /** Further such beginnings, each with what the path within the repository begins with there. */
  readonly others?: Readonly<Record<string, string>>;
  /** What the keys of its packages begin with. @default - the type in lower case */
  readonly scheme?: string;
}

/** The types that the registry serves with formats. GENERIC is served by BK-Repo's own protocol, and OHPM needs one that is not npm's. */
const SERVICES: Readonly<Record<string, Service>> = {
  NPM: { packageType: 'npm', prefix: '/npm/' },
  PYPI: { packageType: 'pypi', prefix: '/pypi/' },
  // Charts are pushed to a place of their own.
  HELM: { packageType: 'helm', prefix: '/helm/', others: { '/helm/api/': 'api/' } },
  DOCKER: { packageType: 'docker', prefix: '/docker/' },
  OCI: { packageType: 'docker', prefix: '/oci/' },
  MAVEN: { packageType: 'maven', prefix: '/maven/', scheme: 'gav' },
};

/** How the repositories of a type are served; undefined for types that are not served as packages. */
export function serviceOf(type: string): Service | undefined {
  return SERVICES[type];
}

/** The package types of repositories. */
export const SERVED_TYPES: readonly string[] = [...new Set(Object.values(SERVICES).map(({ packageType }) => packageType))];

/** What the URLs of repositories of a package type begin with, and what the path within the repository begins with there. */
export function prefixesOf(packageType: string): Readonly<Record<string, string>> {
  const services = Object.values(SERVICES).filter((service) => service.packageType === packageType);
  return Object.assign({}, ...services.map(({ prefix, others }) => ({ [prefix]: '', ...others }))) as Record<string, string>;
}

/** The key of a package, by which BK-Repo lists it. */
export function packageKey({ type }: Pick<Repository, 'type'>, name: string): string {
  return `${SERVICES[type]?.scheme ?? type.toLowerCase()}://${name}`;
}
