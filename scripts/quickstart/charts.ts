import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import type { ServedFile } from './file-server';
import { packTarball } from './tarball';

/** A chart that the quickstart makes. */
export interface Chart {
  readonly name: string;
  readonly version: string;
  readonly description: string;
}

/** The files of a chart repository: the charts as Helm packages them, and `index.yaml`. */
export function chartRepository(url: string, charts: readonly Chart[]): Record<string, ServedFile> {
  const packed = charts.map((chart) => ({ chart, path: `/${chart.name}-${chart.version}.tgz`, body: packTarball(filesOf(chart)) }));
  const entries: Record<string, object[]> = {};
  for (const { chart, path, body } of packed) {
    const digest = createHash('sha256').update(body).digest('hex');
    (entries[chart.name] ??= []).push({ ...metadata(chart), created: new Date().toISOString(), digest, urls: [url + path] });
  }
  const index = { apiVersion: 'v1', entries, generated: new Date().toISOString() };
  const archives = packed.map(({ path, body }) => [path, { type: 'application/gzip', body }] as const);
  return { ...Object.fromEntries(archives), '/index.yaml': { type: 'application/yaml', body: stringify(index) } };
}

const metadata = (chart: Chart): object => ({ apiVersion: 'v2', type: 'application', ...chart });

function filesOf(chart: Chart): Record<string, string> {
  const configMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: '{{ .Release.Name }}' },
    data: { greeting: '{{ .Values.greeting }}' },
  };
  return {
    [`${chart.name}/Chart.yaml`]: stringify(metadata(chart)),
    [`${chart.name}/values.yaml`]: stringify({ greeting: `hello from ${chart.name}` }),
    [`${chart.name}/templates/configmap.yaml`]: stringify(configMap),
  };
}
