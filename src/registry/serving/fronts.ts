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

/** The URLs at the root of the registry that package types insist on, such as `/v2/`. */
export function fronts(app: FastifyInstance, given: Fronts): void {
  const { strict, packageTypes } = given;
  for (const format of packageTypes.map(formatOf)) {
    const front = enabledCapability(format.front, strict);
    for (const [url, document] of Object.entries(front?.documents?.(strict) ?? {})) {
      app.route({ method: ['GET', 'HEAD'], url, handler: (request, reply) => sendDocument(request, reply, document) });
    }
    for (const entry of Object.entries(front?.prefixes ?? {})) routePrefix(app, given, { format, entry, byFront: true });
    for (const entry of Object.entries(given.prefixes?.(format.packageType) ?? {}))
      routePrefix(app, given, { format, entry, byFront: false });
  }
}

interface Prefix {
  readonly format: Format;
  readonly entry: readonly [prefix: string, within: string];
  readonly byFront: boolean;
}

function routePrefix(app: FastifyInstance, { repository, answer }: Fronts, { format, entry: [prefix, within], byFront }: Prefix): void {
  const place = prefix + repository;
  const slashes = place.split('/').length;
  for (const url of [place, `${place}/*`]) {
    app.route({
      method: METHODS,
      url,
      handler: async (request, reply) => {
        try {
          const path = pathWithin(format, within, requestPath(request, { ...spelling(format), slashes }));
          return await answer({ request, reply }, { packageType: format.packageType, path, byFront });
        } catch (cause) {
          // It is about the address or the repository, not about anything in it.
          const about = { served: format, path: { path: '' } };
          if (!(cause instanceof HttpError) || !sendProblem({ request, reply }, about, cause)) throw cause;
          return reply;
        }
      },
    });
  }
}

/** What is canonical concerns the path as a whole. */
function spelling({ encodedSlash }: Format) {
  return encodedSlash ? { encodedSlash } : {};
}

function pathWithin(format: Format, within: string, { path, query }: RequestPath): RequestPath {
  return { path: canonicalPath(encodePath(within + path), format), query };
}
