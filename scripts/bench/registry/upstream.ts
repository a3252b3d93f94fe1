import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

/** A server that stands for the public registries, in this process, on a free port. */
export interface Upstream {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts an upstream. */
export async function startUpstream(listener: RequestListener): Promise<Upstream> {
  const server: Server = createServer(listener);
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

/** A remote or a local of ArtifactAPI. */
interface RepositoryFields {
  readonly name: string;
  readonly package_type: string;
  readonly base_url?: string;
  readonly repo_type?: 'remote' | 'local';
}

/** Creates a repository of a registry and answers its URL, without a slash at the end. */
export async function addRepository(registry: string, fields: RepositoryFields): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${registry}/api/v2/remotes`, { method: 'POST', headers, body: JSON.stringify(fields) });
  if (answer.status !== 201) throw new Error(`${fields.name} was not created: ${answer.status} ${await answer.text()}`);
  return `${registry}/api/v1/${fields.repo_type ?? 'remote'}/${fields.name}`;
}
