import { type FastifyInstance } from 'fastify';
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
    for (const [url, document] of Object.entries(front?.documents?.(strict) ?? {})) {
      app.route({ method: ['GET', 'HEAD'], url, handler: (request, reply) => sendDocument(request, reply, document) });
    }
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

function routePrefix(app: FastifyInstance, { repository, answer }: Fronts, { prefix, owners }: Prefix): void {
  const place = prefix + repository;
  const slashes = place.split('/').length;
  for (const url of [place, `${place}/*`]) {
    app.route({
      method: METHODS,
      url,
      handler: async (request, reply) => {
        const exchange = { request, reply };
        try {
          return await firstOf(owners, ({ format, within, byFront }) => {
            const path = pathWithin(format, within, requestPath(request, { ...spelling(format), slashes }));
            return answer(exchange, { packageType: format.packageType, path, byFront });
          });
        } catch (cause) {
          // It is about the address or the repository, not about anything in it.
          const [{ format, within }] = owners as [Owner];
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
