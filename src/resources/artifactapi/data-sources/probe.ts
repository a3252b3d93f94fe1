import { writeJson } from '../../../common/exact-json';
import { attr, defineDataSource, isJsonObject, numberOf, repositoryName, z } from '../../../schema/define';

export const probe = defineDataSource({
  type: 'artifactapi_probe',
  description: 'Fetches a path through a remote, without storing the response body, to check whether the upstream responds.',
  attributes: {
    remote: attr(repositoryName, 'Name of the remote.', { api: false }),
    path: attr(z.string().min(1), 'Path below the base URL of the upstream.', { api: false }),
    reachable: attr(z.boolean(), 'Whether the upstream responded successfully.', { computed: true }),
    status: attr(z.int(), 'HTTP status of the upstream; null if the server does not return it.', { computed: true }),
    json: attr(z.string(), 'The complete response as JSON.', { computed: true }),
  },
  async read({ client, config: { remote, path } }) {
    const { json } = await client.send({ method: 'POST', path: '/api/v2/probe', body: { remote, path }, idempotent: true });
    const answer = isJsonObject(json) ? json : { error: 'no answer' };
    const status = numberOf(answer.status_code ?? answer.status);
    return {
      reachable: status === undefined ? answer.error === undefined : status >= 200 && status < 400,
      status: status ?? null,
      json: writeJson(json ?? null),
    };
  },
  example: { remote: { ref: 'artifactapi_remote_npm.example.name' }, path: 'left-pad' },
});
