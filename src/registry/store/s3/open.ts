import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { type Logger } from '../../logger';
import { type BlobIndex } from '../blob-index';
import { type MetadataStore } from '../metadata';
import { OWNER, S3Bucket } from './bucket';
import { ObjectIndex } from './object-index';
import { explained, isMissing } from './problems';
import { S3Blobs } from './s3-blobs';
import { nameOf, type S3Settings } from './settings';

/** What a store in a bucket is opened with. */
export interface S3Opening {
  readonly settings: S3Settings;
  /** A folder of this process, for content that is arriving. */
  readonly spool: string;
  /** Whether other processes use that folder as well. */
  readonly shared: boolean;
  readonly metadata: MetadataStore;
  readonly index: BlobIndex;
  /** What tells the database from others. */
  readonly identity: string;
  readonly logger: Logger;
}

/** Opens the blobs of a database in a bucket; throws an error in words where that cannot be used, or belongs to another database. */
export async function openS3({
  settings,
  spool,
  shared,
  metadata,
  index,
  identity,
  logger,
}: S3Opening): Promise<S3Blobs & { close(): void }> {
  const bucket = await S3Bucket.open(settings, logger);
  try {
    if (settings.create)
      await bucket.create().catch((cause: unknown) => {
        throw explained(cause, settings);
      });
    await claim(bucket, settings, { metadata, identity });
    const parts = {
      bucket,
      spool,
      shared,
      index: new ObjectIndex(metadata, index.unkept),
      now: () => metadata.now(),
      orphans: (before: string) => index.orphans(before),
      explain: (cause: unknown) => explained(cause, settings),
    };
    return Object.assign(await S3Blobs.open(parts), { close: () => bucket.close() });
  } catch (cause) {
    bucket.close();
    throw cause;
  }
}

/** Takes the prefix for a database: two that share one would delete each other's objects. */
async function claim(bucket: S3Bucket, settings: S3Settings, own: { metadata: MetadataStore; identity: string }): Promise<void> {
  const owner = await ownerOf(bucket, settings);
  if (owner === own.identity) return;
  const name = nameOf(settings);
  if (owner !== undefined) throw new Error(`${name} holds the content of another database; choose another bucket or --s3-prefix`);
  const some = own.metadata.tables<{ blobs: { hash: string } }>().selectFrom('blobs').select('hash').limit(1);
  if ((await some.executeTakeFirst()) !== undefined)
    throw new Error(`${name} lacks the content of this database: it is another bucket or prefix, or was emptied`);
  try {
    await bucket.putText(OWNER, JSON.stringify({ database: own.identity }));
    const facts = await bucket.head(OWNER);
    if (facts?.hash === undefined) throw new Error('the server does not keep the metadata of objects');
  } catch (cause) {
    throw explained(cause, settings);
  }
  // Of two that claim it at once, the later one has it.
  if ((await ownerOf(bucket, settings)) !== own.identity) throw new Error(`${name} was taken by another registry at the same time`);
}

async function ownerOf(bucket: S3Bucket, settings: S3Settings): Promise<string | undefined> {
  try {
    const { body, size } = await bucket.get(OWNER);
    if (size > 1000) {
      body.destroy();
      return '';
    }
    const { database } = JSON.parse(await text(Readable.from(body))) as { database?: unknown };
    return String(database);
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    if (cause instanceof SyntaxError) return '';
    throw explained(cause, settings);
  }
}
