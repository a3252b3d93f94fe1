import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { HttpError } from '../../errors';
import { type Faults } from '../../faults/fault';
import { faultHooks } from '../../faults/hooks';
import { guard } from '../../access/guard';
import { type AnswerError, logFailure, newApp } from '../../http-app';
import { isOfPage, page } from '../../ui/about';
import { sendError, sendJson, sendPlain, sendStatus, StatusError } from './answers';
import { authorize } from './auth/authorize';
import { oauth } from './auth/oauth';
import { authenticate, principalOf, senderOf } from './auth/principal';
import { type KsContext } from './context';
import { GoError } from './go/json-parse';
import { ApiError } from './kind';
import { tenants } from './tenants';
import { apps as openPitrixApps } from './v3/apps';
import { Panic } from './v3/changes';
import { HelmRepoController } from './v3/controller';
import { repos as openPitrixRepos } from './v3/repos';
import { apps } from './v4/apps';
import { RepoController } from './v4/controller';
import { repos } from './v4/repos';
import { version } from './version';

/** Makes the server that speaks KubeSphere, with the controllers behind it. */
export function kubeSphereApp(context: KsContext, faults: Faults | undefined): FastifyInstance {
  const { generation, loader } = context;
  const isOpenPitrix = generation.api === 'openpitrix';
  const app = newApp('kubesphere', context, { answer: (error, exchange) => answer(context, error, exchange) });
  if (faults) faultHooks(app, faults);
  guard(app, context, { backend: 'kubesphere', who: senderOf });
  app.addHook('onRequest', async (request, reply) => {
    const path = (request.raw.url ?? '').split('?')[0] ?? '';
    if (path.startsWith('/__') || isOfPage(request)) return undefined;
    // What a request reads is what was committed before it, by whichever process.
    await context.cluster.refresh();
    await authenticate(context, request);
    authorize(generation, principalOf(request), { method: request.method, path });
    const [, cluster] = isOpenPitrix ? [] : (/^\/clusters\/([^/]+)\//.exec(path) ?? []);
    if (cluster !== undefined) return sendJson(reply, { ErrStatus: noCluster(cluster) }, 400);
    if (!takesJson(request)) return sendPlain(reply, 406, '406: Not Acceptable\n\nAvailable representations: application/json');
    return undefined;
  });
  app.setNotFoundHandler(({ url }, reply) =>
    // Outside of its API, version 3 leaves the answer to Go.
    isOpenPitrix && !url.startsWith('/kapis/') ? sendError(reply, 404, '404 page not found') : sendPlain(reply, 404, '404: Page Not Found'),
  );
  app.get('/healthz', (_request, reply) => sendPlain(reply, 200, 'ok'));
  page(app, context, { backend: 'kubesphere', serverVersion: generation.gitVersion.replace(/^v/, '') });
  version(app, context);
  oauth(app, context);
  tenants(app, context);
  for (const routes of isOpenPitrix ? [openPitrixRepos, openPitrixApps] : [repos, apps]) routes(app, context);
  const controller = isOpenPitrix ? new HelmRepoController(context) : new RepoController(context);
  if (context.store.leases.isShared) context.cluster.follow();
  app.addHook('onClose', async () => {
    context.cluster.close();
    const stopped = controller.stop();
    loader.close();
    await stopped;
  });
  return app;
}

function noCluster(name: string): object {
  return { metadata: {}, status: 'Failure', message: `cluster ${name} not exists`, reason: 'BadRequest', code: 400 };
}

function takesJson({ headers }: FastifyRequest): boolean {
  const types = (headers.accept ?? '*/*').split(',').map((type) => type.split(';')[0]?.trim() ?? '');
  return types.some((type) => ['*/*', 'application/*', 'application/json', ''].includes(type));
}

function answer(context: KsContext, error: Error, { request, reply }: Parameters<AnswerError>[1]): FastifyReply {
  if (error instanceof StatusError) return sendStatus(reply, error);
  if (error instanceof HttpError) return sendError(reply.headers(error.headers), error.status, error.message);
  // Version 4 has one status for whatever goes wrong but for what is not there; version 3 says whose fault it is.
  const isOpenPitrix = context.generation.api === 'openpitrix';
  if (error instanceof ApiError) return sendError(reply, error.reason === 'NotFound' ? 404 : isOpenPitrix ? 400 : 500, error.message);
  if (error instanceof GoError) return sendError(reply, isOpenPitrix ? 400 : 500, error.message);
  if (error instanceof Panic) {
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  }
  if ('code' in error && error.code === 'FST_ERR_BAD_URL') return sendError(reply, 400, '400 Bad Request');
  logFailure(context, { request, reply }, error);
  return sendError(reply, 500, 'internal server error');
}
