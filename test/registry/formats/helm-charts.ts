import { createHash } from 'node:crypto';
import { parse } from 'yaml';
import { type Answer, call, tarball } from '../helpers';

/** An archive of a chart; `more` are lines of its `Chart.yaml`. */
export function chart(name: string, version: string, ...more: string[]): Buffer {
  const yaml = ['apiVersion: v2', `name: ${name}`, `version: ${version}`, ...more].join('\n');
  return tarball({ [`${name}/Chart.yaml`]: yaml, [`${name}/values.yaml`]: 'a: 1\n' });
}

/** What `helm package --sign` writes beside a chart, but for the signature. */
export function provenance(name: string, version: string, archive: Uint8Array): string {
  const hash = createHash('sha256').update(archive).digest('hex');
  return [
    ...['-----BEGIN PGP SIGNED MESSAGE-----', 'Hash: SHA512', '', `name: ${name}`, `version: ${version}`, '', '...', 'files:'],
    ...[`  ${name}-${version}.tgz: sha256:${hash}`, '-----BEGIN PGP SIGNATURE-----', '', 'AAAA', '-----END PGP SIGNATURE-----', ''],
  ].join('\n');
}

/** The versions of each chart in the index of a repository, with their addresses. */
export async function indexOf(repository: string, headers: Record<string, string> = {}): Promise<Record<string, string[][]>> {
  const { text } = await call('GET', `${repository}index.yaml`, { headers });
  const { entries } = parse(text) as { entries: Record<string, { version: string; urls: string[] }[]> };
  return Object.fromEntries(Object.entries(entries).map(([name, list]) => [name, list.map((each) => [each.version, ...each.urls])]));
}

/** The body of a form with files, and its header. */
export async function form(files: Record<string, string | Uint8Array>): Promise<{ body: Uint8Array; headers: Record<string, string> }> {
  const data = new FormData();
  for (const [field, content] of Object.entries(files)) data.append(field, new Blob([content as string]), `${field}.bin`);
  const sent = new Response(data);
  return { body: new Uint8Array(await sent.arrayBuffer()), headers: { 'content-type': sent.headers.get('content-type') ?? '' } };
}

/** Sends what `helm push` sends for a chart; the answer is that to the manifest, or the first refusal. */
export async function push(
  place: string,
  [name, tag]: readonly [string, string],
  parts: { chart: Uint8Array; provenance?: string; headers?: Record<string, string> },
): Promise<Answer> {
  const { headers = {} } = parts;
  const content: readonly (readonly [type: string, bytes: string | Uint8Array])[] = [
    ['config.v1+json', JSON.stringify({ name, version: tag.replaceAll('_', '+'), apiVersion: 'v2' })],
    ['chart.content.v1.tar+gzip', parts.chart],
    ...(parts.provenance === undefined ? [] : [['chart.provenance.v1.prov', parts.provenance] as const]),
  ];
  const descriptors = content.map(([type, bytes]) => ({
    mediaType: `application/vnd.cncf.helm.${type}`,
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    size: Buffer.byteLength(bytes),
  }));
  for (const [index, [, body]] of content.entries()) {
    const begun = await call('POST', `${place}${name}/blobs/uploads/?digest=${descriptors[index]?.digest}`, { body, headers });
    if (begun.status !== 201) return begun;
  }
  const [config, ...layers] = descriptors;
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const body = JSON.stringify({ schemaVersion: 2, mediaType, config, layers });
  return call('PUT', `${place}${name}/manifests/${tag}`, { body, headers: { ...headers, 'content-type': mediaType } });
}
