import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import { HttpError, reasonOf } from '../errors';
import { type RouteRequest } from './format';

/** The largest value of a field: texts that describe a package. */
const FIELD = 4 << 20;
const LIMITS = { fieldNameSize: 200, fieldSize: FIELD, fields: 5000, files: 10, parts: 5010, headerPairs: 50 };

/** What a form brought. */
export interface Form<T> {
  /** The first value of each wanted field that there is. */
  readonly fields: Readonly<Record<string, string>>;
  /** The files in wanted fields, in the order they came. */
  readonly files: readonly FormFile<T>[];
}

/** A file of a form. */
export interface FormFile<T> {
  readonly field: string;
  /** As the client wrote it. */
  readonly name: string;
  /** What became of its content. */
  readonly stored: T;
}

/** What is of interest in a form, and what becomes of its files. */
export interface FormReader<T> {
  readonly fields: readonly string[];
  readonly files: readonly string[];
  /** Takes the content of a file as it arrives. */
  store(content: AsyncIterable<Uint8Array>): Promise<T>;
}

/** Reads a body of the type `multipart/form-data` without ever having a file in memory; throws a 400 with the reason if it is none. */
export async function readForm<T>(request: Pick<RouteRequest, 'header' | 'content'>, reader: FormReader<T>): Promise<Form<T>> {
  const parser = newParser(request.header('content-type'));
  const fields = new Map<string, string>();
  const streams: BusboyFileStream[] = [];
  const files: Promise<FormFile<T>>[] = [];
  const broken = new Set<unknown>();
  let failure: unknown;
  const fail = (cause: unknown) => {
    failure ??= cause;
    parser.destroy(cause as Error);
  };
  const tooMuch = (what: string) => () => fail(new HttpError(400, `invalid form: it has too many ${what}`));
  for (const what of ['fields', 'files', 'parts'] as const) parser.on(`${what}Limit`, tooMuch(what));
  parser.on('field', (name, value, ...[, isCut]) => {
    if (isCut) fail(new HttpError(400, `invalid form: the field ${JSON.stringify(name)} is larger than ${FIELD} bytes`));
    else if (reader.fields.includes(name) && !fields.has(name)) fields.set(name, value);
  });
  parser.on('file', (field, stream, name) => {
    stream.on('error', (cause) => broken.add(cause));
    streams.push(stream);
    if (!reader.files.includes(field)) return void stream.resume();
    const stored = reader.store(stream).then((result) => ({ field, name, stored: result }));
    stored.catch(fail);
    files.push(stored);
  });
  try {
    await pipeline(Readable.from(request.content(), { objectMode: false }), parser);
    return { fields: Object.fromEntries(fields), files: await Promise.all(files) };
  } catch (cause) {
    for (const stream of streams) stream.destroy(cause as Error);
    await Promise.allSettled(files);
    const first = failure ?? cause;
    // What goes wrong while a file is stored is not the client's fault, unless it is the form that ends in the middle of the file.
    if (first instanceof HttpError || (failure !== undefined && !broken.has(failure))) throw first;
    throw new HttpError(400, `invalid form: ${reasonOf(first)}`);
  }
}

function newParser(contentType: string): BusboyInstance {
  if (!/^multipart\/form-data\s*;/i.test(contentType))
    throw new HttpError(400, `the body must be a form of the type multipart/form-data, not ${JSON.stringify(contentType)}`);
  try {
    return new Busboy({ headers: { 'content-type': contentType }, preservePath: true, limits: LIMITS });
  } catch (cause) {
    throw new HttpError(400, `invalid form: ${reasonOf(cause)}`);
  }
}
