import { type FastifyRequest } from 'fastify';
import { actionOf, isReading, type RouteNeed } from '../../access/need';
import { type Action } from '../../access/scopes';
import { type Context } from '../../context';
import { HttpError } from '../../errors';
import { formatOf } from '../../formats';
import { type RequestPath, requestPath } from '../../request-path';
import { type ByName } from './fields';

/** Routes that are about the repository in their URL, and read, write or delete by their methods. */
export const OF_ONE = { config: { access: { on: 'repository' } } } as const satisfies Route;
/** Routes that change the repository in their URL itself. */
export const ADMIN_OF_ONE = { config: { access: { on: 'repository', action: 'admin' } } } as const satisfies Route;
/** Routes that show what their client may read. */
export const OF_READABLE = { config: { access: { on: 'login' } } } as const satisfies Route;
/** Routes that show something of all repositories. */
export const OF_EVERY = { config: { access: { on: 'every', action: 'read' } } } as const satisfies Route;
/** Routes that create the repository in their body, which they ask for with `demand`. */
export const ADMIN_OF_SOME = { config: { access: { on: 'some', action: 'admin' } } } as const satisfies Route;
/** Routes that read the repository in their body. */
export const OF_SOME = { config: { access: { on: 'some', action: 'read' } } } as const satisfies Route;
/** Routes for everybody. */
export const OF_NONE = { config: { access: { on: 'nothing' } } } as const satisfies Route;

interface Route {
  readonly config: { readonly access: RouteNeed };
}

/** What a request to the content of a repository needs: its package type knows what it does. */
export function contentNeed(
  context: Context,
  pathFor: (request: FastifyRequest, packageType: string) => RequestPath | undefined = (request, type) =>
    requestPath(request, formatOf(type)),
): RouteNeed {
  const action = async (request: FastifyRequest): Promise<Action> => {
    const { method } = request;
    const usual = actionOf(method);
    if (isReading(method)) return usual;
    const { name } = request.params as ByName['Params'];
    const packageType = await packageTypeOf(context, name);
    const path = packageType === undefined ? undefined : pathOrNone(() => pathFor(request, packageType));
    return (path && formatOf(packageType ?? '').routes?.does?.(method, path.path)) ?? usual;
  };
  return { on: 'repository', action, isContent: true };
}

/** The package type of a repository of any kind; undefined if there is none. */
export async function packageTypeOf({ store: { repositories } }: Context, name: string): Promise<string | undefined> {
  return ((await repositories.remote(name)) ?? (await repositories.virtual(name)))?.package_type;
}

/** A path that cannot be read is for the route to refuse. */
function pathOrNone(read: () => RequestPath | undefined): RequestPath | undefined {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof HttpError) return undefined;
    throw cause;
  }
}
