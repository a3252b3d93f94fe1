import { createHash } from 'node:crypto';
import { parse } from 'yaml';

/** A chart as an index has it. */
interface IndexedChart {
  readonly version: string;
  readonly digest: string;
  readonly urls: readonly [string, ...string[]];
}

/** Fetches the merged index of a virtual and every chart in it, each through the registry; answers their names. */
export async function fetchCharts(virtual: string, endpoint: string): Promise<string[]> {
  const index = parse(String(await get(`${virtual}/index.yaml`))) as { entries: Readonly<Record<string, readonly IndexedChart[]>> };
  const charts = Object.entries(index.entries).flatMap(([name, versions]) => versions.map((chart) => ({ name, ...chart })));
  for (const { name, digest, urls } of charts) {
    const url = new URL(urls[0], `${virtual}/index.yaml`).href;
    if (!url.startsWith(endpoint)) throw new Error(`the chart ${name} is at ${url}, past the registry`);
    const got = createHash('sha256')
      .update(await get(url))
      .digest('hex');
    if (got !== digest) throw new Error(`the chart ${name} from ${url} is not the one that its index promises`);
  }
  return charts.map(({ name, version }) => `${name} ${version}`).sort();
}

/** Uploads a file to a local repository, downloads it again and compares. */
export async function uploadAndDownload(endpoint: string, local: { readonly name: string; readonly url: string }): Promise<string> {
  const path = 'notes/hello.txt';
  const body = `Hello at ${new Date().toISOString()}\n`;
  const target = `${endpoint}/api/v2/remotes/${local.name}/files/${path}`;
  const answer = await fetch(target, { method: 'PUT', body });
  if (!answer.ok) throw new Error(`PUT ${target} was answered ${answer.status}: ${await answer.text()}`);
  const back = String(await get(`${local.url}/${path}`));
  if (back !== body) throw new Error(`${local.url}/${path} is not what was uploaded`);
  return path;
}

/** Fetches a URL whole; throws when the answer is not a good one. */
export async function get(url: string): Promise<Buffer> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`GET ${url} was answered ${answer.status}: ${await answer.text()}`);
  return Buffer.from(await answer.arrayBuffer());
}
