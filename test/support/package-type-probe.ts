import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Testing, TerraformStack } from 'cdktf';
import { constructDocs } from '../../scripts/docs/constructs';
import { startRegistry } from '../../src/registry/server';
import { artifactapi } from '../../src/resources/artifactapi';
import { docsPages } from '../../src/schema/derive/to-docs';

const upstream = 'https://upstream.example.com';
const endpoint = 'https://artifacts.example.com';

/** What is looked at of a package type. */
interface Asked {
  readonly type: string;
  readonly front: string;
  readonly format: string;
  readonly privateName: string;
  /** A file that never changes. */
  readonly file: string;
}

/** Uses a package type of this tree in every way that users do, and prints what came of it. */
async function probe(asked: Asked): Promise<void> {
  console.log(JSON.stringify({ ...(await synthesized(asked)), ...called(asked), ...(await documented(asked)), ...(await served(asked)) }));
}

interface AnyFront {
  clientConfig(options: object): string;
}

async function synthesized({ type, front, privateName }: Asked): Promise<object> {
  const room: unknown = await import('../../constructs/artifactapi');
  const stack = new TerraformStack(Testing.app(), 's');
  const Front = (room as Record<string, new (scope: TerraformStack, id: string, props: object) => AnyFront>)[front];
  if (!Front) throw new Error(`there is no construct ${front}`);
  const made = new Front(stack, 'it', { name: 'all', upstream, privateNames: [privateName] });
  const { resource } = JSON.parse(Testing.synth(stack)) as { resource: Record<string, Record<string, Record<string, unknown>>> };
  const [remote] = Object.values(resource[`artifactapi_remote_${type}`] ?? {});
  return {
    resources: Object.keys(resource).sort(),
    remote: { base_url: remote?.base_url, blocklist: remote?.blocklist },
    clientConfig: made.clientConfig({ endpoint }),
  };
}

function called({ format }: Asked): object {
  const clientConfig = artifactapi.functions.find(({ name }) => name === 'client_config');
  return { clientConfigFunction: clientConfig?.call([format, endpoint, 'virtual', 'all']) };
}

async function documented({ type, front }: Asked): Promise<object> {
  const pages = [...docsPages(artifactapi), ...(await constructDocs(artifactapi))];
  const names = pages.map(([path]) => path).filter((path) => path.includes(type) || path.includes(front));
  const index = pages.find(([path]) => path === 'constructs/index')?.[1] ?? '';
  return { pages: names.sort(), indexed: index.includes(`[${front}](${front}.md)`) };
}

/** What clients get from the embedded registry: of a remote twice, then what a local was given. */
async function served({ type, file }: Asked): Promise<object> {
  let fetches = 0;
  const server = createServer((_, response) => void response.end(`fetch ${++fetches}`));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const data = mkdtempSync(join(tmpdir(), 'repoform-probe-'));
  const registry = await startRegistry({ data, port: 0, closeGraceMs: 0 });
  try {
    const send = async (path: string, init?: RequestInit): Promise<string> => {
      const response = await fetch(registry.url + path, init);
      return `${response.status} ${await response.text()}`;
    };
    const headers = { 'content-type': 'application/json' };
    const base_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const create = (body: object) =>
      send('/api/v2/remotes', { method: 'POST', headers, body: JSON.stringify({ package_type: type, ...body }) });
    await create({ name: 'r', base_url });
    await create({ name: 'l', repo_type: 'local' });
    const uploaded = await send(`/api/v2/remotes/l/files/${file}`, { method: 'PUT', body: 'ours' });
    const paths = ['remote/r', 'remote/r', 'local/l'].map((repository) => `/api/v1/${repository}/${file}`);
    const answers: string[] = [];
    for (const path of paths) answers.push(await send(path));
    return { uploaded: uploaded.slice(0, 3), answers };
  } finally {
    await registry.close();
    server.closeAllConnections();
    server.close();
    rmSync(data, { recursive: true, force: true });
  }
}

void probe(JSON.parse(process.argv[2] ?? '{}') as Asked);
