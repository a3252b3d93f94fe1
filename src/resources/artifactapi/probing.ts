import { type ApiClient, isJsonObject, type Json, numberOf, textOf } from '../../schema/define';

/** What came of probing a path. */
export interface Probed {
  /** Whether the upstream responded successfully. */
  readonly reachable: boolean;
  /** The upstream's HTTP status, if the server returns it. */
  readonly status: number | undefined;
  /** What went wrong, in the server's words. */
  readonly problem: string | undefined;
  /** The complete response. */
  readonly json: Json;
}

/** Has the server fetch a path through a remote. The contract leaves the names of the response open; these are the ones a reasonable server uses. */
export async function probe(client: ApiClient, remote: string, path: string): Promise<Probed> {
  const { json } = await client.send({ method: 'POST', path: '/api/v2/probe', body: { remote, path }, reads: true });
  const answer = isJsonObject(json) ? json : { error: 'no answer' };
  const status = numberOf(answer.status_code ?? answer.status);
  return {
    reachable: status === undefined ? answer.error === undefined : status >= 200 && status < 400,
    status,
    problem: textOf(answer.error),
    json: (json ?? null) as Json,
  };
}
