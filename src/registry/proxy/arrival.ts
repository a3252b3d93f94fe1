import { formatOf } from '../formats';
import { type Format, type Told, type UpstreamDocument } from '../formats/format';
import { type BlobWriter } from '../store/blobs';
import { meaningfulHeaders } from './answer-headers';
import { decoded, LIMIT } from './decode';
import { checkDigest } from './digest';
import { type Wanted } from './engine';
import { type UpstreamAnswer } from './upstream';

const CHUNK = 1 << 20;
/** Names of files that are archives or binaries, whatever repository they are in; a page is never one of them. */
const BINARY = /\.(?:7z|apk|bz2|crate|deb|dmg|egg|exe|gem|gz|iso|jar|msi|nupkg|phar|pkg|rpm|tar|tbz|tgz|txz|war|whl|xz|zip|zst)$/i;
const PAGE = /^(?:\uFEFF|\s|<!--.*?-->|<\?xml[^>]*>)*<(?:!doctype\s+html|html|head|body)[\s>]/is;

/** An answer whose body is to be looked at. */
export interface Arriving {
  readonly wanted: Wanted;
  readonly answer: UpstreamAnswer;
  readonly told: Told | undefined;
}

/** Whether an answer is only given once its body was looked at as a whole, so that a wrong one is a clear 502. */
export function waitsForCheck({ wanted, answer, told }: Arriving): boolean {
  const isOfSet = told?.digest !== undefined && told.url === undefined;
  return isOfSet || checkOf(wanted) !== undefined || isSuspect(wanted.path, answer);
}

/** Throws when a body is not what its path stands for. */
export async function checkArrival(arriving: Arriving, writer: BlobWriter): Promise<void> {
  const { wanted, answer, told } = arriving;
  const format = formatOf(wanted.remote.package_type);
  if (isSuspect(wanted.path, answer)) refusePage((await writer.readAt(0, Math.min(4096, writer.size))).toString('latin1'));
  if (told?.digest) await checkDigest(piecesOf(writer), told.digest);
  const check = checkOf(wanted);
  if (check) await check(await documentOf(arriving, { writer, format }));
}

/** How a document is checked: as its format says, or else by making of it what is made of it for clients. */
function checkOf({ remote, path, accept }: Wanted): ((document: UpstreamDocument) => unknown) | undefined {
  const { check, rewrite, merge } = formatOf(remote.package_type);
  if (check?.covers(path)) return (document) => check.read(document);
  const maker = rewrite ?? merge;
  if (!maker?.covers(path)) return undefined;
  const upstream = remote.base_url.replace(/\/*$/, '/');
  const place = { name: remote.name, url: upstream, upstream };
  const member = (document: UpstreamDocument) => ({ ...document, place });
  const request = { path, self: place, accept, strict: false };
  return rewrite ? (document) => rewrite.make(request, member(document)) : (document) => merge?.make(request, [member(document)]);
}

/** A login page that pretends to be a file says by its type that it is one. */
function isSuspect(path: string, answer: UpstreamAnswer): boolean {
  return BINARY.test(path) && /^(?:text\/html|application\/xhtml)/i.test(answer.header('content-type'));
}

function refusePage(start: string): void {
  if (PAGE.test(start)) throw new Error('a web page where a file should be');
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
