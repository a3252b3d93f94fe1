import { type ApiClient, ApiError, dig, isJsonObject, type JsonObject, listOf, textOf, UnexpectedAnswer } from '../../../schema/define';
import { pathSegment } from '../../../common/urls';
import { validatingTimeout } from './generation';

/** A path below a base; each segment is encoded. */
export const path = (base: string, ...segments: readonly string[]): string => [base, ...segments.map(pathSegment)].join('/');

/** The workspace that everybody sees. */
export const systemWorkspace = 'system-workspace';

/** The entries of a list, which is `{items}`; `null` is an empty one. Throws `UnexpectedAnswer` for anything else. */
export async function itemsAt(client: ApiClient, at: string): Promise<readonly JsonObject[]> {
  const { json } = await client.send({ method: 'GET', path: at });
  const items = isJsonObject(json) ? json.items : undefined;
  if (items === null) return [];
  if (Array.isArray(items) && items.every(isJsonObject)) return listOf(items);
  throw new UnexpectedAnswer(`the answer to GET ${at} should be a list under "items" but is not; is the endpoint KubeSphere?`);
}

/** The names of the objects in a list. */
export const namesAt = async (client: ApiClient, at: string): Promise<readonly string[]> =>
  (await itemsAt(client, at)).flatMap((object) => textOf(dig(object, ['metadata', 'name'])) ?? []);

/** A call in which the server reads an index, whose timeout is another one than that of other calls. */
export async function reading<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (thrown) {
    if (!failedWith(thrown, 'timeout')) throw thrown;
    const { message, code, method, url, outcomeUnknown } = thrown;
    const advice = 'Check why the server reads the repository slowly, or raise validation_timeout in the provider block.';
    throw new ApiError(message, { code, method, url, outcomeUnknown, advice });
  }
}

/**
 * Has the server read the index of a repository. A stop aborts it, since nothing is written. Throws an `ApiError` with the code of what is
 * wrong, and `UnexpectedAnswer` for a success that does not say so.
 */
export async function validateAt(
  client: ApiClient,
  at: string,
  { body, secrets }: { body: JsonObject; secrets: readonly string[] },
): Promise<void> {
  const options = { timeout: validatingTimeout(client), secrets, reads: true, signal: client.signal };
  const answer = await reading(client.post(`${at}?validate=true`, body, options));
  if (answer?.ok !== true)
    throw new UnexpectedAnswer(`the answer to POST ${at}?validate=true should be {"ok": true} but is not; is the endpoint KubeSphere?`);
}

/** The failure of an import by an id alone that no repository has. */
export const lacking = ({ endpoint }: ApiClient, id: string): ApiError =>
  new ApiError(`the server has no repository with the id "${id}"; with its workspace, the import id is <workspace>/<name>`, {
    code: 'not-found',
    method: 'GET',
    url: endpoint,
    advice: `Check the id, and the endpoint (${endpoint}).`,
  });

/** Whether a call failed with one of the kinds. */
export const failedWith = (thrown: unknown, ...codes: readonly string[]): thrown is ApiError =>
  thrown instanceof ApiError && codes.includes(thrown.code);
