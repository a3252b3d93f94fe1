import { attr, defineAction, error, repositoryName, z } from '../../../schema/define';
import { probe } from '../probing';
import { ofRemote } from '../shared';

export const probeRemote = defineAction({
  type: 'artifactapi_probe_remote',
  description:
    'Has the server fetch a path through a remote, and fails if the upstream does not respond successfully. The response body is not returned; the server may keep it in its cache.',
  attributes: {
    remote: attr(repositoryName, 'Name of the remote.', ofRemote),
    path: attr(z.string().min(1), 'Path below the base URL of the upstream.'),
  },
  async invoke({ client, config: { remote, path }, progress, tell }) {
    progress(`fetching "${path}" through "${remote}"`);
    const { reachable, status, problem } = await probe(client, remote, path);
    const answer = status === undefined ? '' : ` with status ${status}`;
    if (reachable) return progress(`"${remote}" is reachable: the upstream responded${answer}`);
    const reason = problem === undefined ? '' : `: ${problem}`;
    tell(
      error(
        status === undefined ? 'Upstream Not Reachable' : `Upstream Answered ${status}`,
        `"${path}" cannot be fetched through "${remote}": the request ended${answer}${reason}. Check the path, and base_url and the credentials of the remote.`,
        ['path'],
      ),
    );
  },
  example: { remote: { ref: 'artifactapi_remote_npm.example.name' }, path: 'left-pad' },
});
