import { type S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { type FileHandle } from 'node:fs/promises';
import { type Readable } from 'node:stream';
import { type ByteRange } from '../blobs';
import { type Logger, silent } from '../../logger';
import { readPart } from '../spool';
import { explained, statusOf } from './problems';
import { Reach } from './reach';
import type * as sdkModule from './sdk';
import { type S3Settings } from './settings';
import { type Body } from './steady-body';

/** What is known of an object without reading it. */
export interface ObjectFacts {
  readonly size: number;
  /** The SHA-256 that whoever wrote it noted; only this registry does. */
  readonly hash: string | undefined;
}

/** An object as a list shows it; its key is without the prefix. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly modifiedAt: Date;
}

/** An upload in parts that is neither finished nor aborted. */
export interface OpenUpload {
  readonly key: string;
  readonly id: string;
  readonly begunAt: Date;
}

/** A bucket, or what is below a prefix of it. Errors are those of the SDK. */
export interface Bucket {
  /** Writes an object from a file, in parts if it is large. */
  put(key: string, content: { readonly file: FileHandle; readonly size: number; readonly hash: string }): Promise<void>;
  /** Opens an object or a part of it. */
  get(key: string, range?: ByteRange): Promise<ObjectFacts & { readonly body: Body }>;
  /** undefined if there is no such object. */
  head(key: string): Promise<ObjectFacts | undefined>;
  /** Deletes an object if it is there. */
  delete(key: string): Promise<void>;
  /** All objects below a key, by key. */
  list(below: string): AsyncIterable<ListedObject>;
  /** All uploads in parts that are open. */
  uploads(): AsyncIterable<OpenUpload>;
  /** Throws away an upload in parts. */
  abort(upload: Pick<OpenUpload, 'key' | 'id'>): Promise<void>;
  /** Throws unless the bucket can be used, as far as is known for some seconds. */
  check(): Promise<void>;
  /** Waits until the server answers, but no longer than so many milliseconds. */
  settled(patienceMs: number): Promise<void>;
  /** Closes connections. */
  close(): void;
}

/** The size of what is sent at once; larger objects are sent in parts of it. S3 allows parts from 5 MiB, and 10,000 of them. */
export const PART = 8 << 20;
const PARTS = 10_000;
/** How many parts of one object are sent at once, and how many of all objects; each is in memory meanwhile. */
const AT_ONCE = 2;
const AT_ONCE_IN_ALL = 8;
/** How long the server may take for a small object before it is taken for dead, in milliseconds. */
const PROBE_MS = 3000;
/** How many connections may be open; each download of a client has one. */
const SOCKETS = 1024;

/** The object that names the database whose blobs are below the prefix. */
export const OWNER = 'owner.json';

type Sdk = typeof sdkModule;

/** A client whose requests fail at once while the server does not answer. */
interface Client extends Pick<S3Client, 'send' | 'destroy'> {
  readonly reach: Reach;
}

/** A bucket of an S3 server. */
export class S3Bucket implements Bucket {
  #free = AT_ONCE_IN_ALL;
  readonly #waiting: (() => void)[] = [];

  private constructor(
    private readonly sdk: Sdk,
    private readonly client: Client,
    private readonly settings: S3Settings,
  ) {}

  /** Loads the SDK; connects with the first request. */
  static async open(settings: S3Settings, logger: Logger = silent): Promise<S3Bucket> {
    // Which versions of Node the package supports is for its own documentation to say.
    process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
    const sdk = await import('./sdk');
    const client = new sdk.S3Client({
      ...configOf(settings),
      requestHandler: {
        connectionTimeout: 5_000,
        requestTimeout: 120_000,
        throwOnRequestTimeout: true,
        httpAgent: { keepAlive: true, maxSockets: SOCKETS },
        httpsAgent: { keepAlive: true, maxSockets: SOCKETS },
      },
    });
    const prober = new sdk.S3Client({
      ...configOf(settings),
      maxAttempts: 1,
      requestHandler: { connectionTimeout: PROBE_MS, requestTimeout: PROBE_MS, throwOnRequestTimeout: true },
    });
    const probe = () => prober.send(new sdk.GetObjectCommand({ Bucket: settings.bucket, Key: settings.prefix + OWNER })).then(drained);
    const reach = new Reach({ probe, explain: (cause) => explained(cause, settings), logger });
    const send = ((command: never) => reach.send((options) => client.send(command, options))) as S3Client['send'];
    const destroy = () => {
      reach.close();
      for (const each of [client, prober]) each.destroy();
    };
    return new S3Bucket(sdk, { send, destroy, reach }, settings);
  }

  /** Creates the bucket itself, unless it exists. */
  async create(): Promise<void> {
    const { bucket: Bucket } = this.settings;
    const status = await this.client.send(new this.sdk.HeadBucketCommand({ Bucket })).then(() => 200, statusOf);
    // What else is wrong the next request says, whose answer has a body.
    if (status === 404) await this.client.send(new this.sdk.CreateBucketCommand({ Bucket }));
  }

  /** Writes a small object. */
  async putText(key: string, text: string): Promise<void> {
    const Metadata = { sha256: createHash('sha256').update(text).digest('hex') };
    await this.client.send(new this.sdk.PutObjectCommand({ ...this.#at(key), Body: text, ContentType: 'application/json', Metadata }));
  }

  async put(key: string, { file, size, hash }: { file: FileHandle; size: number; hash: string }): Promise<void> {
    const Metadata = { sha256: hash };
    if (size > PART) return this.#putParts(key, { file, size, Metadata });
    await this.#inTurn(async () => {
      const Body = await readPart(file, 0, size);
      await this.client.send(new this.sdk.PutObjectCommand({ ...this.#at(key), Body, Metadata }));
    });
  }

  async get(key: string, range?: ByteRange) {
    const Range = range && `bytes=${range.start}-${range.end}`;
    const answer = await this.client.send(new this.sdk.GetObjectCommand({ ...this.#at(key), ...(Range && { Range }) }));
    const body = answer.Body as Readable | undefined;
    if (!body) throw new Error('the server sent no content');
    // A connection may break before anybody reads; who reads then is told.
    body.on('error', () => undefined);
    const [, total] = /\/(\d+)$/.exec(answer.ContentRange ?? '') ?? [];
    // A server that does not know ranges sends everything; nobody is to take that for the part.
    if (range && total === undefined) {
      body.destroy();
      throw new Error('the server ignores ranges');
    }
    return { body, size: Number(total ?? answer.ContentLength), hash: answer.Metadata?.['sha256'] };
  }

  async head(key: string): Promise<ObjectFacts | undefined> {
    try {
      const { ContentLength, Metadata } = await this.client.send(new this.sdk.HeadObjectCommand(this.#at(key)));
      return { size: Number(ContentLength), hash: Metadata?.['sha256'] };
    } catch (cause) {
      // Without a body there is no code that tells a missing bucket from a missing object; the next request with one does.
      if (statusOf(cause) === 404) return undefined;
      throw cause;
    }
  }

  async delete(key: string): Promise<void> {
    await this.client.send(new this.sdk.DeleteObjectCommand(this.#at(key)));
  }

  async *list(below: string): AsyncGenerator<ListedObject, void> {
    const { bucket: Bucket, prefix } = this.settings;
    for (let ContinuationToken: string | undefined, more = true; more;) {
      const page = await this.client.send(new this.sdk.ListObjectsV2Command({ Bucket, Prefix: prefix + below, ContinuationToken }));
      for (const { Key = '', Size = 0, LastModified = new Date(0) } of page.Contents ?? [])
        yield { key: Key.slice(prefix.length), size: Size, modifiedAt: LastModified };
      ContinuationToken = page.NextContinuationToken;
      more = page.IsTruncated === true && ContinuationToken !== undefined;
    }
  }

  async *uploads(): AsyncGenerator<OpenUpload, void> {
    const { bucket: Bucket, prefix: Prefix } = this.settings;
    for (let markers = {}, more = true; more;) {
      const page = await this.client.send(new this.sdk.ListMultipartUploadsCommand({ Bucket, Prefix, ...markers }));
      for (const { Key = '', UploadId: id, Initiated } of page.Uploads ?? []) {
        // Some servers ignore the prefix, and what is outside of it is not ours.
        if (id !== undefined && Initiated && Key.startsWith(Prefix)) yield { key: Key.slice(Prefix.length), id, begunAt: Initiated };
      }
      markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
      more = page.IsTruncated === true && page.NextKeyMarker !== undefined;
    }
  }

  async abort({ key, id }: Pick<OpenUpload, 'key' | 'id'>): Promise<void> {
    await this.client.send(new this.sdk.AbortMultipartUploadCommand({ ...this.#at(key), UploadId: id }));
  }

  check(): Promise<void> {
    return this.client.reach.check();
  }

  settled(patienceMs: number): Promise<void> {
    return this.client.reach.settled(patienceMs);
  }

  close(): void {
    this.client.destroy();
  }

  async #putParts(
    key: string,
    { file, size, Metadata }: { file: FileHandle; size: number; Metadata: Record<string, string> },
  ): Promise<void> {
    const { UploadId = '' } = await this.client.send(new this.sdk.CreateMultipartUploadCommand({ ...this.#at(key), Metadata }));
    const upload = { ...this.#at(key), UploadId };
    const step = Math.max(PART, Math.ceil(size / PARTS));
    const Parts = Array.from({ length: Math.ceil(size / step) }, (_, n) => ({ PartNumber: n + 1, ETag: '' }));
    let next = 0;
    let failed = false;
    const sender = async () => {
      for (let part = Parts[next++]; part && !failed; part = Parts[next++]) {
        const { PartNumber } = part;
        part.ETag = await this.#inTurn(async () => {
          const Body = await readPart(file, (PartNumber - 1) * step, step);
          return (await this.client.send(new this.sdk.UploadPartCommand({ ...upload, PartNumber, Body }))).ETag ?? '';
        });
      }
    };
    const senders = Array.from({ length: AT_ONCE }, () =>
      sender().catch((cause: unknown) => ((failed = true), Promise.reject(cause as Error))),
    );
    try {
      // None still sends when the upload is aborted: a part that comes after would stay.
      const [problem] = (await Promise.allSettled(senders)).filter((each) => each.status === 'rejected');
      if (problem) throw problem.reason;
      await this.client.send(new this.sdk.CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
    } catch (cause) {
      await this.abort({ key, id: UploadId }).catch(() => undefined);
      throw cause;
    }
  }

  /** Runs a step with a part in memory once there are not too many. */
  async #inTurn<T>(step: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await step();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }

  #at(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.settings.bucket, Key: this.settings.prefix + key };
  }
}

function configOf({ endpoint, region, credentials }: S3Settings): S3ClientConfig {
  return {
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    // Servers other than Amazon's have one region, which has to be called something.
    ...((region ?? endpoint) !== undefined && {
      region: region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? 'us-east-1',
    }),
    ...(credentials && { credentials: { accessKeyId: credentials.accessKey, secretAccessKey: credentials.secretKey.reveal() } }),
    // The payload's SHA-256 is part of every signature; many servers refuse the SDK's further checksums, which follow the body as trailers.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  };
}

/** Lets go of what a request was answered with. */
function drained({ Body }: { readonly Body?: unknown }): void {
  (Body as Readable | undefined)?.on('error', () => undefined).destroy();
}
