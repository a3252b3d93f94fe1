import { writeJson } from '../../../common/exact-json';
import { ApiError, attr, defineDataSource, type ErrorCode, isJsonObject, textOf, UnexpectedAnswer, z } from '../../../schema/define';

/** Error codes with which a healthy server shows that it returns no version. */
const silent: readonly ErrorCode[] = ['not-found', 'unauthorized', 'forbidden', 'invalid', 'unexpected-answer'];

function noVersion(thrown: unknown): undefined {
  if (!(thrown instanceof ApiError) || !silent.includes(thrown.code)) throw thrown;
}

export const health = defineDataSource({
  type: 'artifactapi_health',
  description: 'Health and version of the server.',
  attributes: {
    healthy: attr(z.boolean(), 'Whether the server reports that it is healthy.', { computed: true }),
    status: attr(z.string(), 'Status that the server reports, e.g. `ok`.', { computed: true }),
    version: attr(z.string(), 'Version of the server; null if the server does not return it.', { computed: true }),
    json: attr(z.string(), 'The complete response as JSON.', { computed: true }),
  },
  async read({ client }) {
    const { json } = await client.send({ method: 'GET', path: '/api/v2/health' });
    // A gateway may return a page for everything, which is no sign of health.
    if (json === undefined) throw new UnexpectedAnswer('the answer to GET /api/v2/health should be JSON');
    const status = (isJsonObject(json) && textOf(json.status)) || 'ok';
    const about = await client.send({ method: 'GET', path: '/version', mayLack: true }).catch(noVersion);
    const version = (isJsonObject(about?.json) && textOf(about.json.version)) || null;
    return { healthy: /^(ok|up|healthy|pass)$/i.test(status), status, version, json: writeJson(json) };
  },
  example: {},
});
