import { StatusError } from '../answers';
import { type Generation } from '../generation';
import { type PolicyRule, type Principal, type WorkspaceRole } from './accounts';

/** What a request is about, read from its method and path alone. */
interface Wish {
  readonly verb: string;
  readonly path: string;
  readonly method: string;
  /** Nothing for what is no resource, such as the version. */
  readonly resource?: {
    readonly group: string;
    readonly workspace: string | undefined;
    readonly type: string;
    readonly name: string | undefined;
    readonly subresource: string | undefined;
  };
}

const VERBS: Readonly<Record<string, string>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
  GET: 'get',
  HEAD: 'get',
};

const READS = ['get', 'list'];

/** What a role permits in its workspace. */
function rulesOf(role: WorkspaceRole, { group, managed }: Generation): readonly PolicyRule[] {
  if (typeof role !== 'string') return role;
  if (role === 'admin') return [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];
  return [{ apiGroups: [group], resources: ['repos', ...managed], verbs: role === 'manager' ? ['*'] : READS }];
}

/** Whether a rule permits something. */
function permits(
  rule: PolicyRule,
  { verb, group, what }: { readonly verb: string; readonly group: string; readonly what: string },
): boolean {
  const has = (list: readonly string[], one: string): boolean => list.includes(one) || list.includes('*');
  return has(rule.apiGroups, group) && has(rule.resources, what) && has(rule.verbs, verb);
}

/** Refuses what the sender may not do; whether a route exists is not asked, as the real server does not either. */
export function authorize(generation: Generation, who: Principal, request: { readonly method: string; readonly path: string }): void {
  const wish = read(request);
  if (!isAllowed(generation, who, wish)) throw refusal(who, wish);
}

function read({ method, path }: { readonly method: string; readonly path: string }): Wish {
  const verb = VERBS[method] ?? method.toLowerCase();
  const [root, group, version, ...rest] = path.split('/').slice(1).filter(Boolean).map(decode);
  if (!['kapis', 'apis'].includes(root ?? '') || group === undefined || version === undefined || rest.length === 0)
    return { verb, path, method };
  const workspace = rest[0] === 'workspaces' && rest.length > 2 ? rest[1] : undefined;
  const [type = '', name, subresource] = workspace === undefined ? rest : rest.slice(2);
  return {
    verb: verb === 'get' && name === undefined ? 'list' : verb,
    path,
    method,
    resource: { group, workspace, type, name, subresource },
  };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function isAllowed(generation: Generation, who: Principal, { verb, path, resource }: Wish): boolean {
  const { openVersionPaths, openApps } = generation;
  if (who.isAdmin || openVersionPaths.includes(path) || path === '/healthz' || path.startsWith('/oauth/')) return true;
  if (!resource || who.name.startsWith('system:')) return false;
  const { group, workspace, type, subresource } = resource;
  if (openApps && type === 'apps' && READS.includes(verb)) return true;
  if (group === 'tenant.kubesphere.io' && READS.includes(verb) && /^workspace(?:s|templates)$/.test(type)) return true;
  const role = workspace === undefined ? undefined : who.roles?.[workspace];
  const wish = { verb, group, what: subresource === undefined ? type : `${type}/${subresource}` };
  return role !== undefined && rulesOf(role, generation).some((rule) => permits(rule, wish));
}

function refusal({ name: user }: Principal, { verb, path, method, resource }: Wish): StatusError {
  if (!resource) return new StatusError(403, `forbidden: User "${user}" cannot ${method} path "${path}"`, {});
  const { group, type, name, subresource } = resource;
  const object = `${type}.${group}${name === undefined ? '' : ` "${name}"`}`;
  const what = subresource === undefined ? type : `${type}/${subresource}`;
  const reason = `User "${user}" cannot ${verb} resource "${what}" in API group "${group}" at the cluster scope`;
  return new StatusError(403, `${object} is forbidden: ${reason}`, { ...(name !== undefined && { name }), group, kind: type });
}
