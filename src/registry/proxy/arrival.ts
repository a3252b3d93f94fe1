import { formatOf } from '../formats';
import { type Format, type Told, type UpstreamDocument } from '../formats/format';
import { isPage, namesPage } from '../formats/web-page';
import { type BlobWriter } from '../store/blobs';
import { meaningfulHeaders } from './answer-headers';
import { decoded, decodedStart, LIMIT } from './decode';
import { checkDigest } from './digest';
import { type RemoteRequest } from './admission';
import { type UpstreamAnswer } from './upstream';

const CHUNK = 1 << 20;
/** How many bytes decide whether a body is a web page. */
const START = 4096;

/** An answer whose body is to be checked. */
export interface Arriving {
  readonly wanted: RemoteRequest;
  readonly answer: UpstreamAnswer;
  readonly told: Told | undefined;
}

/** Whether to answer only after the whole body was checked, so that a wrong one is a clear 502. */
export function waitsForCheck({ wanted, told }: Arriving): boolean {
  const isOfSet = told?.digest !== undefined && told.url === undefined;
  return isOfSet || checkOf(wanted) !== undefined;
}

/** Whether a body starts like a web page where none can be: a login page, whatever content type it declares. */
export function isPageInstead({ wanted, answer }: Arriving, start: Buffer): boolean {
  const { mayBePage = namesPage } = formatOf(wanted.remote.package_type);
  if (mayBePage(wanted.path)) return false;
  return isPage(decodedStart(start.subarray(0, START), answer.header('content-encoding')));
}

/** Throws if a body is not of the kind that its path promises. */
export async function checkArrival(arriving: Arriving, writer: BlobWriter): Promise<void> {
  const { wanted, told } = arriving;
  const format = formatOf(wanted.remote.package_type);
  const start = await writer.readAt(0, Math.min(START, writer.size));
  if (isPageInstead(arriving, start)) throw new Error('a web page instead of a file');
  const digest = told?.digest ?? format.digest?.(wanted.path);
  if (digest) await checkDigest(piecesOf(writer), digest);
  const check = checkOf(wanted);
  if (check) await check(await documentOf(arriving, { writer, format }));
}

/** How a document is checked: by its format, or else by deriving from it what clients would get. */
function checkOf({ remote, path, accept }: RemoteRequest): ((document: UpstreamDocument) => unknown) | undefined {
  const { check, rewrite, merge } = formatOf(remote.package_type);
  if (check?.covers(path)) return (document) => check.read(document);
  const maker = rewrite ?? merge;
  if (!maker?.covers(path)) return undefined;
  const upstream = remote.base_url.replace(/\/*$/, '/');
  const location = { name: remote.name, url: upstream, upstream };
  const member = (document: UpstreamDocument) => ({ ...document, location });
  const request = { path, self: location, accept, strict: false };
  return rewrite ? (document) => rewrite.make(request, member(document)) : (document) => merge?.make(request, [member(document)]);
}

async function* piecesOf(writer: BlobWriter): AsyncGenerator<Buffer, void> {
  for (let position = 0; position < writer.size; position += CHUNK) {
    yield await writer.readAt(position, Math.min(CHUNK, writer.size - position));
  }
}

async function documentOf(
  { wanted, answer }: Arriving,
  { writer, format }: { writer: BlobWriter; format: Format },
): Promise<UpstreamDocument> {
  if (writer.size > LIMIT) throw new Error(`larger than ${LIMIT} bytes`);
  const headers = meaningfulHeaders(answer, format);
  const body = decoded(await writer.readAt(0, writer.size), answer.header('content-encoding'));
  const header = (name: string) => headers[name] ?? '';
  return { path: wanted.path, url: answer.url, status: answer.status, contentType: answer.header('content-type'), body, header };
}
