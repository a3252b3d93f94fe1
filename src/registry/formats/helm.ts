import { parse } from 'yaml';
import { type LocalFile } from '../store/files';
import { type Format } from './format';
import { type Entries, mergeIndexes, writeIndex } from './helm-index';
import { encodePath } from './links';
import { readFromTarball } from './tar';

const CHART_YAML = { matches: (path: string) => /^[^/]+\/Chart\.yaml$/.test(path), limit: 1 << 20 };
const isIndex = (path: string) => path === 'index.yaml';

/** Helm charts. */
export const helm: Format = {
  packageType: 'helm',
  classify: (path) => (path.endsWith('.tgz') ? 'immutable' : 'mutable'),
  inspect: { strict: false, covers: (path) => path.endsWith('.tgz'), read: readChart },
  localIndex: { strict: false, covers: isIndex, make: (_request, files) => writeIndex(entriesOf(files)) },
  merge: { strict: true, covers: isIndex, make: (_request, members) => mergeIndexes(members) },
  rewrite: { strict: false, covers: isIndex, make: (_request, member) => mergeIndexes([member]) },
};

async function readChart(body: AsyncIterable<Uint8Array>): Promise<unknown> {
  const text = await readFromTarball(body, CHART_YAML).catch((cause: Error) => {
    throw new Error(`not a helm chart: ${cause.message}`);
  });
  if (!text) throw new Error('not a helm chart: the archive has no {chart}/Chart.yaml');
  const chart = parseYaml(text.toString('utf8'));
  if (typeof chart?.['name'] !== 'string' || typeof chart['version'] !== 'string') {
    throw new Error('not a helm chart: Chart.yaml has no name or version');
  }
  return chart;
}

function parseYaml(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = parse(text, { logLevel: 'error' });
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch (cause) {
    throw new Error(`not a helm chart: Chart.yaml is not YAML: ${(cause as Error).message.split('\n')[0]}`);
  }
}

function entriesOf(files: readonly LocalFile[]): Entries {
  const entries: Entries = Object.create(null) as Entries;
  for (const file of files) {
    if (!file.metadata) continue;
    const chart = JSON.parse(file.metadata) as { name: string; version: string };
    const version = { ...chart, created: file.created_at, digest: file.hash, urls: [encodePath(file.path)] };
    (entries[chart.name] ??= []).push(version);
  }
  return entries;
}
