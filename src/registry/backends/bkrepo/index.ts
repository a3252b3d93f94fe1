import { type FastifyInstance, type FastifyPluginAsync, type FastifyPluginCallback } from 'fastify';
import { type BkContext } from './context';

/** A group of routes. */
type Group = (app: FastifyInstance, context: BkContext) => void;
/** A group of routes that lives by itself, with hooks of its own. */
type Plugin = (context: BkContext) => FastifyPluginAsync | FastifyPluginCallback;

/** The management side. */
const GROUPS: readonly Group[] = [];

/** The data side: `artifacts` from `./artifacts` adds itself here. */
const PLUGINS: readonly Plugin[] = [];

/** Adds the routes of BK-Repo to a server. */
export function bkRepo(app: FastifyInstance, context: BkContext): void {
  for (const group of GROUPS) group(app, context);
  for (const plugin of PLUGINS) void app.register(plugin(context));
}
