import { type FastifyError, type FastifyInstance } from 'fastify';
import { type Context } from '../../context';
import { HttpError, reasonOf, UnknownRepositoryError } from '../../errors';
import { type Faults } from '../../faults/fault';
import { faultHooks } from '../../faults/hooks';
import { guard } from '../../access/guard';
import { type AnswerError, logFailure, newApp } from '../../http-app';
import { clearHeaders, explain, sendText } from '../../reply';
import { artifactApi } from '.';
import { packageTypeOf } from './needs';

/** Makes the server that speaks ArtifactAPI. */
export function artifactApiApp(context: Context, faults: Faults | undefined): FastifyInstance {
  const app = newApp('artifactapi', context, { answer: answerError(context) });
  app.setNotFoundHandler((_request, reply) => sendText(reply, 404, '404 page not found'));
  if (faults) faultHooks(app, faults);
  guard(app, context, { backend: 'artifactapi', packageTypeOf: (name) => packageTypeOf(context, name) });
  artifactApi(app, context);
  return app;
}

function answerError(context: Context): AnswerError {
  return (error: FastifyError | HttpError | Error, exchange) => {
    const { reply } = exchange;
    const status = error instanceof HttpError ? error.status : ((error as FastifyError).statusCode ?? 500);
    if (status >= 500 && !(error instanceof HttpError)) logFailure(context, exchange, error);
    clearHeaders(reply);
    if (error instanceof HttpError) reply.headers(error.headers);
    if (error instanceof UnknownRepositoryError && !context.strict) explain(reply, reasonOf(error));
    return sendText(reply, status, reasonOf(error));
  };
}
