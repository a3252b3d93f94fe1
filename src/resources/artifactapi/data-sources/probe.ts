import { writeJson } from '../../../common/exact-json';
import { attr, defineDataSource, repositoryName, z } from '../../../schema/define';
import { probe as ask } from '../probing';

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
    const { reachable, status, json } = await ask(client, remote, path);
    return { reachable, status: status ?? null, json: writeJson(json) };
  },
  example: { remote: { ref: 'artifactapi_remote_npm.example.name' }, path: 'left-pad' },
});
