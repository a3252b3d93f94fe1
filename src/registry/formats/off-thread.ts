import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Digests } from './digests';
import { type Document, type Format, type MemberDocument, type Told, type UpstreamDocument } from './format';
import { JobThread } from './job-thread';

/** The size in bytes from which documents are read in another thread: below it, sending them there takes longer than reading them. */
const LARGE = 256 << 10;
/** The bundle lies beside the command's; what runs from its sources has none and reads everything in its own thread. */
const BUNDLE = join(__dirname, 'index-worker.js');

const thread = existsSync(BUNDLE) ? new JobThread(BUNDLE) : undefined;

/** A document as sent to another thread. */
export type SentDocument = Omit<MemberDocument, 'header'> & { readonly headers: Readonly<Record<string, string>> };

/** A job for another thread. */
export interface Job {
  readonly packageType: string;
  readonly capability: 'check' | 'told' | 'listed' | 'merge' | 'rewrite' | 'job';
  /** The request or the path; of a job its name and input. */
  readonly subject: unknown;
  readonly documents: readonly SentDocument[];
}

/** The same format, reading large documents in another thread so that other requests are not blocked. */
export function offThread(format: Format): Format {
  if (!thread) return format;
  const { check, told, listed, merge, rewrite, packageType } = format;
  const run = <T>(capability: Job['capability'], subject: unknown, documents: readonly UpstreamDocument[]) =>
    thread.run<T>({ packageType, capability, subject, documents: documents.map((document) => sent(document, format)) } satisfies Job);
  return {
    ...format,
    ...(check && { check: { ...check, read: (one) => (isLarge([one]) ? run<undefined>('check', '', [one]) : check.read(one)) } }),
    ...(told && { told: { ...told, read: (path, one) => (isLarge([one]) ? run<Told>('told', path, [one]) : told.read(path, one)) } }),
    ...(listed && { listed: { ...listed, read: (one) => (isLarge([one]) ? run<Digests>('listed', '', [one]) : listed.read(one)) } }),
    ...(merge && {
      merge: { ...merge, make: (asked, all) => (isLarge(all) ? run<Made>('merge', asked, all).then(received) : merge.make(asked, all)) },
    }),
    ...(rewrite && {
      rewrite: {
        ...rewrite,
        make: (asked, one) => (isLarge([one]) ? run<Made>('rewrite', asked, [one]).then(received) : rewrite.make(asked, one)),
      },
    }),
  };
}

/** The same function of a format's `jobs`, done by the other thread where there is one; bytes come back as an Uint8Array then. */
export function inOtherThread<I, O>(packageType: string, name: string, perform: (input: I) => Promise<O>): (input: I) => Promise<O> {
  if (!thread) return perform;
  return (input) => thread.run<O>({ packageType, capability: 'job', subject: { name, input }, documents: [] } satisfies Job);
}

/** A document as it comes back. */
type Made = Document & { readonly body: Uint8Array };

function received(made: Made): Document {
  return { ...made, body: Buffer.from(made.body.buffer, made.body.byteOffset, made.body.byteLength) };
}

function isLarge(documents: readonly UpstreamDocument[]): boolean {
  return documents.reduce((sum, { body }) => sum + body.length, 0) > LARGE;
}

function sent(document: UpstreamDocument | MemberDocument, { headers = [] }: Format): SentDocument {
  const { path, url, status, contentType, body } = document;
  const location = 'location' in document ? document.location : { name: '', url: '', upstream: '' };
  const isInternal = 'isInternal' in document && document.isInternal === true;
  return {
    path,
    url,
    status,
    contentType,
    body,
    location,
    isInternal,
    headers: Object.fromEntries(headers.map((name) => [name, document.header(name)])),
  };
}
