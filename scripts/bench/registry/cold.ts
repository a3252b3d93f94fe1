import { once } from 'node:events';
import { type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { type Bar } from '../bar';
import { peakOf } from '../process-sampler';
import { download } from './load';
import { registryProgram } from './programs';
import { addRepository, startUpstream } from './upstream';

const SIZE = 1 << 30;
const PIECE = Buffer.alloc(64 << 10, 'x');

/** A file of 1 GB that is not cached yet: what the upstream had sent when the client got its first byte, and the memory it took. */
export async function measureCold(folder: string): Promise<Bar[]> {
  let sent = 0;
  const upstream = await startUpstream((_request, response) => {
    response.setHeader('content-length', SIZE);
    void send(response, (count) => (sent += count));
  });
  const registry = await registryProgram(join(folder, 'cold'));
  try {
    const url = await addRepository(registry.url, { name: 'cold', package_type: 'generic', base_url: upstream.url });
    let atFirst = NaN;
    const { size } = await download(`${url}/file`, () => (atFirst = sent));
    if (size !== SIZE) throw new Error(`${size} of ${SIZE} bytes came`);
    return [
      { what: 'cold 1 GB: what the upstream had sent at the first byte', measured: atFirst / 1e6, atMost: 1, unit: ' MB' },
      { what: 'cold 1 GB: peak memory', measured: peakOf(registry.pid) / 2 ** 20, atMost: 150, unit: ' MiB', digits: 0 },
    ];
  } finally {
    await registry.stop();
    await upstream.stop();
  }
}

/** Sends the file slowly at first: a burst would be in the sockets' buffers before anyone has read it. */
async function send(response: ServerResponse, count: (bytes: number) => void): Promise<void> {
  const closed = once(response, 'close');
  for (let sent = 0; sent < SIZE && !response.destroyed; sent += PIECE.length) {
    const goesOn = response.write(PIECE);
    count(PIECE.length);
    if (sent < 4 << 20) await new Promise((resolve) => setTimeout(resolve, 5));
    else if (!goesOn) await Promise.race([once(response, 'drain'), closed]);
  }
  response.end();
}
