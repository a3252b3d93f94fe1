import * as z from 'zod';
import { textOrNull } from './body';
import { type Stored } from '../../store/documents';
import { type Permission } from './model';
import { timestamp } from './tables';

const texts = z.array(z.string()).default([]);
const resourceType = z.enum(['SYSTEM', 'PROJECT', 'REPO', 'NODE', 'ENDPOINT', 'REPLICATION']);
const action = z.enum(['MANAGE', 'WRITE', 'READ', 'DOWNLOAD', 'VIEW', 'UPDATE', 'DELETE']);

/** The body that makes a permission; departments are taken and forgotten. */
export const createPermissionBody = z.object({
  resourceType,
  projectId: textOrNull,
  permName: z.string(),
  repos: texts,
  includePattern: texts,
  excludePattern: texts,
  users: texts,
  roles: texts,
  actions: z.array(action).default([]),
  createBy: z.string(),
  updatedBy: z.string(),
});

/** The body that replaces the users of a permission. */
export const usersBody = z.object({ permissionId: z.string(), projectId: textOrNull, userId: z.array(z.string()) });
/** The body that replaces the repositories of a permission. */
export const reposBody = z.object({ permissionId: z.string(), repos: z.array(z.string()) });
/** The body that replaces the paths, users, roles and name of a permission. */
export const configBody = z.object({
  permissionId: z.string(),
  path: z.array(z.string()),
  users: z.array(z.string()),
  roles: z.array(z.string()),
  name: z.string(),
  projectId: z.string(),
});
/** The body of a permission check. */
export const checkBody = z.object({
  uid: z.string(),
  resourceType,
  action,
  projectId: z.string().nullish(),
  repoName: z.string().nullish(),
  path: z.string().nullish(),
});

/** The permissions created for a repository on the first read. */
export const BUILTIN_PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  repo_admin: ['MANAGE'],
  repo_user: ['WRITE', 'READ', 'DELETE', 'UPDATE'],
  repo_viewer: ['READ'],
};

/** What a client sees of a permission. */
export function permissionInfo({ oid, ...permission }: Stored<Permission>): Record<string, unknown> {
  return { id: oid, ...permission, departments: [] };
}

/** A permission that the server makes. */
export function builtinPermission(fields: Pick<Permission, 'resourceType' | 'projectId' | 'permName'> & Partial<Permission>): Permission {
  const now = timestamp();
  const lists = { repos: [], includePattern: [], excludePattern: [], users: [], roles: [], actions: [] };
  return { ...lists, createBy: 'admin', createAt: now, updatedBy: 'admin', updateAt: now, ...fields };
}

/** The key of a permission; those that the server makes for each repository may share a name. */
export function permissionKey({ resourceType: type, projectId, permName, repos }: Permission): string {
  const isBuiltin = type === 'REPO' && Object.hasOwn(BUILTIN_PERMISSIONS, permName);
  return JSON.stringify([type, projectId, permName, ...(isBuiltin ? repos.slice(0, 1) : [])]);
}
