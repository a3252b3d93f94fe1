import { formatOf } from '../formats';
import { type Digest } from '../formats/digests';
import { type Format, type Told, type UpstreamDocument } from '../formats/format';
import { isPage, namesPage } from '../formats/web-page';
import { type BlobWriter } from '../store/blobs';
import { meaningfulHeaders } from './answer-headers';
import { decoded, decodedStart, LIMIT } from './decode';
import { checkDigest, DigestMismatch } from './digest';
import { type RemoteRequest } from './admission';
import { type UpstreamAnswer } from './upstream';

/** How many bytes decide whether a body is a web page. */
const START = 4096;

/** An answer whose body is to be checked. */
export interface Arriving {
  readonly wanted: RemoteRequest;
  readonly answer: UpstreamAnswer;
  readonly told: Told | undefined;
  readonly expected: Expected;
}

/** What a body must hash to. */
export interface Expected {
  /** Undefined where nothing says it. */
  readonly digest: Digest | undefined | Promise<Digest | undefined>;
  /** What the document says that told it, once the upstream has confirmed that or sent a newer one. */
  renewed?(): Promise<Digest | undefined>;
  /** What to do if the file is right and the document is not. @default - nothing can be done */
  readonly advice?: string;
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
  const { wanted } = arriving;
  const format = formatOf(wanted.remote.package_type);
  const start = await writer.readAt(0, Math.min(START, writer.size));
  if (isPageInstead(arriving, start)) throw new Error('a web page instead of a file');
  await checkExpected(arriving.expected, writer);
  const check = checkOf(wanted);
  if (check) await check(await documentOf(arriving, { writer, format }));
}

/** A document may be older than the file, which was published anew since: only what the upstream confirms counts. */
async function checkExpected(expected: Expected, writer: BlobWriter): Promise<void> {
  const digest = await expected.digest;
  if (!digest) return;
  try {
    await checkDigest(writer, digest);
  } catch (cause) {
    if (!(cause instanceof DigestMismatch) || !expected.renewed) throw cause;
    const anew = await expected.renewed();
    if (anew) await checkDigest(writer, anew).catch((again: unknown) => advise(again, expected.advice));
  }
}

function advise(cause: unknown, advice: string | undefined): never {
  throw cause instanceof DigestMismatch && advice !== undefined ? new DigestMismatch(`${cause.message}; ${advice}`) : cause;
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
