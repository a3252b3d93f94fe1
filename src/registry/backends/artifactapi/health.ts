import { type FastifyInstance } from 'fastify';
import { readable } from '../../access/principal';
import { type Context } from '../../context';
import { extrasOf } from '../../formats';
import { OF_NONE, OF_READABLE } from './needs';

/** The version reported by `/version`; this server implements the contract of ArtifactAPI 3. */
const VERSION = '3.7.6';

/** What stands for the page where nothing is served that a real server may lack. */
const PAGE = `<!DOCTYPE html>
<html lang="en">
<title>repoform registry</title>
<h1>repoform registry</h1>
<p>An embedded registry that speaks ArtifactAPI v3.</p>
<ul>
<li><a href="/api/v2/remotes">remotes and locals</a></li>
<li><a href="/api/v2/virtuals">virtuals</a></li>
<li><a href="/api/v2/stats">stats</a></li>
<li><a href="/api/v2/health">health</a></li>
</ul>
</html>
`;

/** `/health`, `/api/v2/health`, `/version` and the front page. */
export function health(app: FastifyInstance, context: Context): void {
  app.get('/health', OF_NONE, (_request, reply) => reply.send({ status: 'ok' }));
  app.get('/version', OF_READABLE, (_request, reply) =>
    reply.send({ name: 'artifactapi', version: VERSION, ...(!context.strict && { serves: extrasOf('artifactapi') }) }),
  );
  app.get('/', OF_READABLE, (_request, reply) => reply.redirect('/ui/', 302));
  if (context.strict) app.get('/ui/', OF_READABLE, (_request, reply) => reply.type('text/html; charset=utf-8').send(PAGE));
  app.get('/api/v2/health', OF_NONE, async (request, reply) => {
    const services = await context.operations.states();
    const isWell = Object.values(services).every((state) => state === 'ok');
    // Those that fail; what is cached of them is served.
    const all = Object.entries(context.strict ? {} : context.operations.guard.troubled());
    const mayRead = readable(request);
    const troubled = Object.fromEntries(all.filter(([name]) => mayRead(name)));
    const upstreams = Object.keys(troubled).length > 0 && { upstreams: troubled };
    return reply.code(isWell ? 200 : 503).send({ status: isWell ? 'ok' : 'error', services, ...upstreams });
  });
}
