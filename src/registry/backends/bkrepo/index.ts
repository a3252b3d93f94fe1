import { type FastifyInstance, type FastifyPluginAsync, type FastifyPluginCallback } from 'fastify';
import { artifacts } from './artifacts';
import { type BkContext } from './context';
import { modes } from './modes';
import { permissionQueries } from './permission-queries';
import { permissions } from './permissions';
import { projects } from './projects';
import { proxyChannels } from './proxy-channels';
import { repositories } from './repositories';
import { roles } from './roles';
import { storageCredentials } from './storage-credentials';
import { tokens } from './tokens';
import { userRoles } from './user-roles';
import { users } from './users';

/** A group of routes. */
type Group = (app: FastifyInstance, context: BkContext) => void;
/** A group of routes that lives by itself, with hooks of its own. */
type Plugin = (context: BkContext) => FastifyPluginAsync | FastifyPluginCallback;

/** The management side. */
const GROUPS: readonly Group[] = [
  projects,
  repositories,
  proxyChannels,
  storageCredentials,
  users,
  userRoles,
  tokens,
  roles,
  permissions,
  permissionQueries,
  modes,
];

/** The data side. */
const PLUGINS: readonly Plugin[] = [artifacts];

/** Adds the routes of BK-Repo to a server. */
export function bkRepo(app: FastifyInstance, context: BkContext): void {
  for (const group of GROUPS) group(app, context);
  for (const plugin of PLUGINS) void app.register(plugin(context));
}
