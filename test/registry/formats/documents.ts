import { formatOf } from '../../../src/registry/formats';
import { type Document, type MemberDocument } from '../../../src/registry/formats/format';

/** The registry's address of the remote that documents here belong to. */
export const ROOT = 'http://registry.example.com/api/v1/remote/r/';
/** The address of its upstream. */
export const UPSTREAM = 'https://upstream.example.com/base/';

/** Everything about an answer that is not as usual. */
export interface Given {
  readonly url?: string;
  readonly contentType?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer of the upstream. */
export function answerOf(path: string, body: string, given: Given = {}): MemberDocument {
  const { url = UPSTREAM + path, contentType = '', status = 200, headers = {} } = given;
  const location = { name: 'r', url: ROOT, upstream: UPSTREAM };
  return { path, url, contentType, status, body: Buffer.from(body), header: (name) => headers[name] ?? '', location };
}

/** What the remote of a package type makes of an answer for its clients. */
export async function rewritten(packageType: string, document: MemberDocument, accept = ''): Promise<Document> {
  const { rewrite } = formatOf(packageType);
  if (!rewrite?.covers(document.path)) throw new Error(`${packageType} does not rewrite ${document.path}`);
  return rewrite.make({ path: document.path, self: document.location, accept, strict: false }, document);
}

/** What the check of a package type says of an answer: why it is refused, or that it is taken. */
export async function checked(packageType: string, document: MemberDocument): Promise<string> {
  const { check } = formatOf(packageType);
  if (!check?.covers(document.path)) return 'not checked';
  try {
    await check.read(document);
    return 'taken';
  } catch (cause) {
    return (cause as Error).message;
  }
}

/** What an answer tells of a file. */
export async function told(packageType: string, path: string, document: MemberDocument) {
  const { told: teller } = formatOf(packageType);
  return { by: teller?.by(path)?.path, ...(await teller?.read(path, document)) };
}
