import { type FastifyInstance } from 'fastify';
import { accessRoutes } from '../../access/routes';
import { type Context } from '../../context';
import { data } from './data';
import { events } from './events';
import { files } from './files';
import { health } from './health';
import { objects } from './objects';
import { uiPage } from './page';
import { probe } from './probe';
import { remotes } from './remotes';
import { stats } from './stats';
import { virtuals } from './virtuals';

/** Every route group of ArtifactAPI. */
const GROUPS: readonly ((app: FastifyInstance, context: Context) => void)[] = [
  health,
  uiPage,
  remotes,
  virtuals,
  files,
  objects,
  stats,
  probe,
  events,
  data,
];

/** Adds the ArtifactAPI v3 routes to a server. */
export function artifactApi(app: FastifyInstance, context: Context): void {
  for (const group of GROUPS) group(app, context);
  // A real server has no logins.
  if (!context.strict) accessRoutes(app, context);
}
