import { createHash } from 'node:crypto';
import { addRemote, call, registry } from '../helpers';

export const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';
export const CORE = { name: 'Acme.Core', version: '1.0', headers: ['Summary: of the team', 'Requires-Python: >=3.8,', '  <4'] };
export const WHEEL = 'acme_core-1.0-py3-none-any.whl';

/** A repository `l` of Python packages: addresses in it, the page of a project, and how many files it has. */
export async function local(options: Parameters<typeof registry>[0] = {}) {
  const { url } = await registry(options);
  await addRemote(url, { name: 'l', package_type: 'pypi', repo_type: 'local' });
  const at = (path: string) => `${url}/api/v1/local/l/${path}`;
  const page = async (path: string) => (await call('GET', at(path), { headers: { accept: JSON_TYPE } })).json as Page;
  const stored = async () => ((await call('GET', `${url}/api/v2/locals/l/objects`)).json as { total: number }).total;
  return { url, at, page, stored };
}

/** The page of a project. */
export interface Page {
  readonly name: string;
  readonly versions: readonly string[];
  readonly files: readonly Record<string, unknown>[];
}

export const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');

/** The status of a refusal, its reason phrase and its document. */
export const problem = async (response: Response) => [response.status, response.statusText, (await response.json()) as unknown];
