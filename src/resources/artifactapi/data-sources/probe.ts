import * as z from 'zod';
import { writeJson } from '../../../common/exact-json';
import { attr } from '../../../schema/define/attribute';
import { defineDataSource } from '../../../schema/define/data-source';
import { isJsonObject } from '../../../schema/define/json';
import { repositoryName } from '../../../schema/define/types';

export const probe = defineDataSource({
  type: 'artifactapi_probe',
  description: 'Fetches a path through a remote without keeping the body: does the upstream answer?',
  attributes: {
    remote: attr(repositoryName, 'Name of the remote.', { api: false }),
    path: attr(z.string().min(1), 'Path below the base URL of the upstream.', { api: false }),
    reachable: attr(z.boolean(), 'Whether the upstream answered with success.', { computed: true }),
    status: attr(z.int(), 'HTTP status of the upstream; null where the server does not tell.', { computed: true }),
    json: attr(z.string(), 'The whole answer as JSON.', { computed: true }),
  },
  async read({ client }, { remote, path }) {
    const { json } = await client.send({ method: 'POST', path: '/api/v2/probe', body: { remote, path }, idempotent: true });
    const told = isJsonObject(json) ? (json['status_code'] ?? json['status']) : undefined;
    const status = typeof told === 'number' ? told : null;
    return {
      reachable: status === null ? isJsonObject(json) && json['error'] === undefined : status >= 200 && status < 400,
      status,
      json: writeJson(json ?? null),
    };
  },
  example: { remote: { ref: 'artifactapi_remote_npm.example.name' }, path: 'left-pad' },
});
