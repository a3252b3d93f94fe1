import { type FastifyRequest } from 'fastify';
import { type Action } from './scopes';

/** What a request is allowed by. */
export interface RouteNeed {
  /**
   * `nothing` for whoever asks; `login` for whoever is known, where the route shows only what they may read; `some` for an action on any
   * repository, where the route names the one with `demand`; `every` for all repositories; `repository` for the one whose name is the
   * parameter `name`; `backend` where the API has users of its own, which decide.
   */
  readonly on: 'nothing' | 'login' | 'some' | 'every' | 'repository' | 'backend';
  /** The action. @default - by the method: read, write, and delete for `DELETE` */
  readonly action?: Action | ((request: FastifyRequest) => Promise<Action>);
  /** Where clients get a ticket for a name and a password, which the refusal tells them. @default - they send a name and a password */
  readonly login?: string;
  /** The package type that the URL belongs to, in whose form refusals are. @default - that of the repository, for its content */
  readonly packageType?: string;
  /** Whether clients of the repository's package type send the request. @default false */
  readonly isContent?: boolean;
  /** Whether a request that is neither GET nor HEAD changes nothing, so that it is not recorded. @default false */
  readonly changesNothing?: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a request by this route is allowed by. @default - `admin` on every repository */
    access?: RouteNeed;
  }
}

/** Routes of APIs with users of their own that read, although their method does not say so. */
export const CHANGES_NOTHING = { config: { access: { on: 'backend', changesNothing: true } } } as const satisfies {
  config: { access: RouteNeed };
};

/** What a route needs that does not say. */
export const UNSAID: RouteNeed = { on: 'every', action: 'admin' };

/** Whether a method reads. */
export function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/** The action of a method, where nothing says otherwise. */
export function actionOf(method: string): Action {
  if (isReading(method)) return 'read';
  return method === 'DELETE' ? 'delete' : 'write';
}

const created = new WeakMap<FastifyRequest, string>();

/** Notes the path of what a request is to create, which only its body names, for the record of changes. */
export function noteCreated(request: FastifyRequest, path: string): void {
  created.set(request, path);
}

/** The path of what a request changes, without the query of its URL. */
export function changedPath(request: FastifyRequest): string {
  return created.get(request) ?? request.originalUrl.split('?')[0] ?? '';
}

/** What a request is about. */
export interface Wish {
  readonly action: Action;
  /** `*` for all repositories; empty where there is none. */
  readonly repository: string;
}
