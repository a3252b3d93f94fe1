import { type FastifyInstance } from 'fastify';
import { type Faults } from '../../faults/fault';
import { faultHooks } from '../../faults/hooks';
import { guard } from '../../access/guard';
import { newApp } from '../../http-app';
import { isOfPage, page } from '../../ui/about';
import { bkRepo } from '.';
import { type BkContext } from './context';
import { behindGateway, gateway, htmlPage } from './gateway';
import { authenticate, senderOf } from './principal';
import { answerProblem } from './problem';

/** Makes the server that speaks BK-Repo, gateway and all. */
export function bkRepoApp(context: BkContext, faults: Faults | undefined): FastifyInstance {
  const { prefix } = context.settings;
  const app = newApp('bkrepo', context, {
    answer: (error, exchange) => answer(context, error, exchange),
    rewriteUrl: ({ url = '/' }) => behindGateway(url, prefix),
  });
  if (faults) faultHooks(app, faults);
  gateway(app, { prefix, strict: context.strict });
  guard(app, context, { backend: 'bkrepo', who: senderOf });
  app.addHook('onRequest', async (request) => {
    if (!request.is404 && !request.url.startsWith('/__') && !isOfPage(request)) await authenticate(context, request);
  });
  page(app, context, { backend: 'bkrepo', prefix });
  bkRepo(app, context);
  return app;
}

function answer(context: BkContext, error: Error & { code?: unknown }, exchange: Parameters<typeof answerProblem>[2]) {
  // Malformed percent-encoding does not reach a service.
  if (error.code === 'FST_ERR_BAD_URL') return htmlPage(exchange.reply, 400);
  return answerProblem(context, error, exchange);
}
