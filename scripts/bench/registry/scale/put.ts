import { request } from 'node:http';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { type Bar } from '../../bar';
import { peakOf } from '../../process-sampler';
import { s3Program } from '../engines';
import { download } from '../load';
import { registryProgram } from '../programs';
import { addRepository } from '../upstream';

const CHUNK = Buffer.alloc(1 << 20, 'x');
/** MiB. */
const MEMORY = 300;

/** A large file by one `PUT`, and back, with the content in a folder and in a bucket. */
export async function measurePut(folder: string, gigabytes: number): Promise<Bar[]> {
  mkdirSync(folder);
  const bars = await putInto('a folder', join(folder, 'folder'), { gigabytes });
  const s3 = await s3Program(join(folder, 's3'));
  if (!s3) process.stderr.write('versitygw is not installed (.ci/clients installs it)\n');
  try {
    if (s3) bars.push(...(await putInto('a bucket', join(folder, 'bucket'), { gigabytes, environment: s3.environment })));
  } finally {
    await s3?.stop();
    rmSync(folder, { recursive: true });
  }
  return bars;
}

async function putInto(
  what: string,
  data: string,
  { gigabytes, environment }: { readonly gigabytes: number; readonly environment?: Readonly<Record<string, string>> },
): Promise<Bar[]> {
  process.stderr.write(`${gigabytes} GB into ${what} ...\n`);
  const registry = await registryProgram(data, [], environment);
  try {
    await addRepository(registry.url, { name: 'own', package_type: 'generic', repo_type: 'local' });
    const before = peakOf(registry.pid) / 2 ** 20;
    const started = performance.now();
    await put(`${registry.url}/api/v2/remotes/own/files/large`, gigabytes << 10);
    const put5 = peakOf(registry.pid) / 2 ** 20;
    const { size } = await download(`${registry.url}/api/v1/local/own/large`);
    if (size !== (gigabytes << 10) * CHUNK.length) throw new Error(`${size} bytes came back`);
    process.stderr.write(`  ${before.toFixed(0)} MiB before; both in ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
    const bar = { atMost: MEMORY, unit: ' MiB', digits: 0 };
    return [
      { ...bar, what: `PUT of ${gigabytes} GB into ${what}, peak memory`, measured: put5 },
      { ...bar, what: `and its GET`, measured: peakOf(registry.pid) / 2 ** 20 },
    ];
  } finally {
    await registry.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

async function put(url: string, chunks: number): Promise<void> {
  const sent = request(url, { method: 'PUT', headers: { 'content-length': chunks * CHUNK.length } });
  const answered = new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    sent.on('error', reject).on('response', (response) => {
      text(response).then((body) => resolve({ status: response.statusCode, body }), reject);
    });
  });
  await pipeline(Readable.from(repeated(chunks)), sent);
  const { status, body } = await answered;
  if (status !== 201) throw new Error(`${url} answered ${status}: ${body}`);
}

function* repeated(count: number): Generator<Buffer, void> {
  for (let n = 0; n < count; n++) yield CHUNK;
}
