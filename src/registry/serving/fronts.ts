import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type RouteNeed } from '../access/need';
import { formatOf } from '../formats';
import { enabledCapability, type Format } from '../formats/format';
import { encodePath } from '../formats/links';
import { canonicalPath } from '../proxy/canonical';
import { type Exchange, sendDocument } from '../reply';
import { HttpError } from '../errors';
import { sendProblem } from './serve';
import { requestPath, type RequestPath } from '../request-path';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** A request by a URL of a package type's own. */
export interface FrontRequest {
  readonly packageType: string;
  /** The path within the repository. */
  readonly path: RequestPath;
  /** Whether the package type itself insists on the URL. */
  readonly byFront: boolean;
}

/** Where repositories stand in such URLs, and who answers. */
export interface Fronts {
  readonly strict: boolean;
  /** The package types that repositories can have. */
  readonly packageTypes: readonly string[];
  /** Further prefixes of a package type's URLs, as in `Format.front`. @default - none */
  prefixes?(packageType: string): Readonly<Record<string, string>>;
  /** The part of a route that names a repository, such as `:name`. */
  readonly repository: string;
  answer(exchange: Exchange, wanted: FrontRequest): Promise<unknown>;
  /**
   * What a request needs whose path within a repository of a package type is what `pathFor` says. @default - the API has users of its own
   */
  need?(pathFor: (request: FastifyRequest, packageType: string) => RequestPath | undefined): RouteNeed;
  /** Answers who exchanges a name and a password for a token. @default - the API does that itself */
  login?(exchange: Exchange): Promise<unknown>;
}

/** A repository is of another package type than its URL is looked at for: another one that shares the prefix may be meant. */
export class OtherType extends Error {
  /** Takes what is answered when none of them is meant. */
  constructor(readonly refusal: HttpError) {
    super(refusal.message);
  }
}

/** The URLs at the root of the registry that package types insist on, such as `/v2/`. */
export function fronts(app: FastifyInstance, given: Fronts): void {
  const { strict, packageTypes } = given;
  const prefixes = new Map<string, Owner[]>();
  for (const format of packageTypes.map(formatOf)) {
    const front = enabledCapability(format.front, strict);
    const { login } = front ?? {};
    const access = { on: 'login', packageType: format.packageType, ...(login !== undefined && { login }) } as const;
    const config = given.need ? { access } : {};
    for (const [url, document] of Object.entries(front?.documents?.(strict) ?? {})) {
      app.route({ method: ['GET', 'HEAD'], url, config, handler: (request, reply) => sendDocument(request, reply, document) });
    }
    // There a name and a password are what is asked for.
    const asking = { access: { on: 'login', packageType: format.packageType } } as const;
    if (login !== undefined && given.login) app.get(login, { config: asking }, (request, reply) => given.login?.({ request, reply }));
    const own = { byFront: true, entries: front?.prefixes ?? {} };
    const further = { byFront: false, entries: given.prefixes?.(format.packageType) ?? {} };
    for (const { byFront, entries } of [own, further]) {
      for (const [prefix, within] of Object.entries(entries))
        prefixes.set(prefix, [...(prefixes.get(prefix) ?? []), { format, within, byFront }]);
    }
  }
  for (const [prefix, owners] of prefixes) routePrefix(app, given, { prefix, owners });
}

/** A package type that has a prefix, and what the path within a repository of it begins with there. */
interface Owner {
  readonly format: Format;
  readonly within: string;
  readonly byFront: boolean;
}

interface Prefix {
  readonly prefix: string;
  /** The package types that share it. */
  readonly owners: readonly Owner[];
}

function routePrefix(app: FastifyInstance, { repository, answer, need }: Fronts, { prefix, owners }: Prefix): void {
  const place = prefix + repository;
  const slashes = place.split('/').length;
  const pathOf = (request: FastifyRequest, { format, within }: Owner) =>
    pathWithin(format, within, requestPath(request, { ...spelling(format), slashes }));
  const told = need?.((request, packageType) => {
    const owner = owners.find(({ format }) => format.packageType === packageType);
    return owner && pathOf(request, owner);
  });
  const [first] = owners as [Owner];
  const login = owners.map(({ format }) => format.front?.login).find((each) => each !== undefined);
  const config = told ? { access: { ...told, packageType: first.format.packageType, ...(login !== undefined && { login }) } } : {};
  for (const url of [place, `${place}/*`]) {
    app.route({
      method: METHODS,
      url,
      config,
      handler: async (request, reply) => {
        const exchange = { request, reply };
        try {
          return await firstOf(owners, (owner) => {
            const { format, byFront } = owner;
            return answer(exchange, { packageType: format.packageType, path: pathOf(request, owner), byFront });
          });
        } catch (cause) {
          // It is about the address or the repository, not about anything in it.
          const { format, within } = first;
          const about = { served: format, path: { path: within } };
          if (!(cause instanceof HttpError) || !sendProblem(exchange, about, cause)) throw cause;
          return reply;
        }
      },
    });
  }
}

/** Asks as one package type after the other until the repository is of that type; the refusal, if need be, is that of the first. */
async function firstOf(owners: readonly Owner[], answer: (owner: Owner) => Promise<unknown>): Promise<unknown> {
  let refusal: HttpError | undefined;
  for (const owner of owners) {
    try {
      return await answer(owner);
    } catch (cause) {
      if (!(cause instanceof OtherType)) throw cause;
      refusal ??= cause.refusal;
    }
  }
  throw refusal ?? new Error('a prefix belongs to no package type');
}

/** What is canonical concerns the path as a whole. */
function spelling({ encodedSlash }: Format) {
  return encodedSlash ? { encodedSlash } : {};
}

function pathWithin(format: Format, within: string, { path, query }: RequestPath): RequestPath {
  return { path: canonicalPath(encodePath(within + path), format), query };
}
