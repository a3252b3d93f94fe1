import { type Document, type RouteRequest } from '../../format';
import { type LocalRepository } from '../../repository';
import { modulesOf, showArchive, showModule } from './modules';
import { isVersion } from './names';
import { type Parts, showArchives, showMirror, showPackage, showSignature, showSums, showVersions, versionsOf } from './providers';

type Show = (request: RouteRequest, repository: LocalRepository, parts: Parts) => Promise<Document | undefined>;

interface Route {
  readonly path: RegExp;
  readonly show: Show;
  /** Whether it is beyond what a real server is known to have. @default false */
  readonly beyond?: boolean;
}

const VERSION = '(\\d[^/]*)';
/** A provider: by its type alone, as the address of the repository has it, or with the namespace that it was uploaded to. */
const PROVIDER = 'v1/providers/(?:([^/]+)/)?([^/]+)';

/** What a repository of providers and modules answers, by the path in it. */
const ROUTES: readonly Route[] = [
  { path: new RegExp(`^${PROVIDER}/versions$`), show: showVersions },
  { path: new RegExp(`^${PROVIDER}/${VERSION}/download/([^/]+)/([^/]+)$`), show: showPackage },
  { path: new RegExp(`^${PROVIDER}/${VERSION}/sha256sums$`), show: showSums },
  { path: new RegExp(`^${PROVIDER}/${VERSION}/sha256sums\\.sig$`), show: showSignature },
  { path: /^v1\/modules\/([^/]+)\/([^/]+)\/versions$/, show: showModule, beyond: true },
  { path: new RegExp(`^v1/modules/([^/]+)/([^/]+)/${VERSION}/download$`), show: showArchive, beyond: true },
  { path: /^(?:[^/]+\/)?([^/]+)\/([^/]+)\/index\.json$/, show: showMirror },
  { path: new RegExp(`^(?:[^/]+/)?([^/]+)/([^/]+)/${VERSION}\\.json$`), show: showArchives },
];

/** Whether the protocols of Terraform have a request. */
export function covers(method: string, path: string): boolean {
  return method === 'GET' && ROUTES.some((route) => route.path.test(path));
}

/** Answers a request of Terraform's protocols; what it is answered with is kept until the files of the repository change. */
export async function answerRoute(request: RouteRequest, repository: LocalRepository): Promise<Document | undefined> {
  for (const { path, show, beyond } of ROUTES) {
    const match = path.exec(request.path);
    if (!match) continue;
    if (beyond && request.strict) return undefined;
    const inputs = [request.path, request.root, await repository.revision()];
    const make = async () => (await show(request, repository, match.slice(1))) ?? Promise.reject(new NotThere());
    return repository.kept(inputs, make).catch((cause: unknown) => {
      if (cause instanceof NotThere) return undefined;
      throw cause;
    });
  }
  return undefined;
}

class NotThere extends Error {}

/**
 * Whether a repository has the provider or the module that a path belongs to. A provider has the namespace that it was uploaded to, and by
 * the address of the repository, that one's name; a module has only the latter. Whatever follows the name is of the package, too.
 */
export async function hasPackage(path: string, repository: LocalRepository): Promise<boolean> {
  const own = repository.location.name.toLowerCase();
  const module = moduleOf(path);
  if (module) {
    const { namespace = own, name, system } = module;
    return namespace.toLowerCase() === own && (await modulesOf(repository, name, system)).length > 0;
  }
  for (const { type, namespace } of providersOf(path))
    if ((await versionsOf(repository, type, namespace === own ? undefined : namespace)).length > 0) return true;
  return false;
}

/** With the namespace, as upstreams have it, or without it, as the path in a repository has it. */
function moduleOf(path: string): { readonly namespace?: string; readonly name: string; readonly system: string } | undefined {
  const [, one, two, three] = /^v1\/modules\/([^/]+)\/([^/]+)\/([^/]+)(?:\/|$)/.exec(path) ?? [];
  if (one === undefined || two === undefined || three === undefined) {
    const [, name, system] = /^modules\/([^/]+)\/([^/]+)\//.exec(path) ?? [];
    return name === undefined || system === undefined ? undefined : { name, system };
  }
  return three === 'versions' || isVersion(three) ? { name: one, system: two } : { namespace: one, name: two, system: three };
}

/** The providers that a path may belong to. Namespace and type follow what the protocol has before them, or whatever a mirror has. */
function providersOf(path: string): readonly { readonly namespace?: string; readonly type: string }[] {
  const [, one, two] = /^v1\/providers\/([^/]+)\/([^/]+)(?:\/|$)/.exec(path) ?? [];
  if (one !== undefined && two !== undefined) return [two === 'versions' || isVersion(two) ? { type: one } : { namespace: one, type: two }];
  const segments = path.toLowerCase().split('/');
  return segments.slice(1).map((type, index) => ({ namespace: segments[index] ?? '', type }));
}
