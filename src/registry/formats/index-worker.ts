import { parentPort } from 'node:worker_threads';
import { FORMATS } from './gen/types';
import { type Document, type Format, type IndexRequest, type MemberDocument } from './format';
import { type JobAnswer } from './job-thread';
import { type Job, type SentDocument } from './off-thread';

parentPort?.on('message', ({ id, job }: { id: number; job: Job }) => void answer(id, job));

async function answer(id: number, job: Job): Promise<void> {
  try {
    const result = await perform(job);
    const isDocument = job.capability === 'merge' || job.capability === 'rewrite';
    post({ id, result: isDocument ? { ...(result as Document), body: bytes(result as Document) } : result });
  } catch (cause) {
    post({ id, failure: (cause as Error).message });
  }
}

function perform({ packageType, capability, subject, documents }: Job): unknown {
  const format = FORMATS.find((each) => each.packageType === packageType) as Format;
  const members = documents.map(received);
  const [first] = members as [MemberDocument];
  if (capability === 'job') {
    const { name, input } = subject as { name: string; input: never };
    return format.jobs?.[name]?.(input);
  }
  if (capability === 'check') return format.check?.read(first);
  if (capability === 'told') return format.told?.read(subject as string, first);
  if (capability === 'listed') return format.listed?.read(first);
  if (capability === 'merge') return format.merge?.make(subject as IndexRequest, members);
  return format.rewrite?.make(subject as IndexRequest, first);
}

function received({ headers, body, ...document }: SentDocument): MemberDocument {
  const bytes = body as Uint8Array;
  return { ...document, body: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), header: (name) => headers[name] ?? '' };
}

function bytes({ body }: Document): Uint8Array {
  return typeof body === 'string' ? Buffer.from(body) : body;
}

function post(message: JobAnswer): void {
  parentPort?.postMessage(message);
}
