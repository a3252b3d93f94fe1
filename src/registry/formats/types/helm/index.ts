import { type Format } from '../../format';
import { encodePath } from '../../links';
import { readFromTarball } from '../../tar';
import { type RepositoryFile } from '../../repository';
import { namesVersion } from '../../versions';
import { addressOf, isTold, mergeIndexes, rewriteIndex, writeIndex } from './charts';
import { checkIndex } from './spans';
import { fromJson, readYaml, toJson, type YamlMap, type YamlValue } from './yaml';

const CHART_YAML = { matches: (path: string) => /^[^/]+\/Chart\.yaml$/.test(path), limit: 1 << 20 };
const isIndex = (path: string) => path === 'index.yaml';

/** Helm charts. */
export const helm: Format = {
  packageType: 'helm',
  classify: (path) => (/\.tgz(?:\.prov)?$/.test(path) && namesVersion(path) ? 'immutable' : 'mutable'),
  check: { covers: isIndex, read: ({ body }) => checkIndex(body.toString('utf8')) },
  told: {
    strict: false,
    by: (path) => (isTold(path) ? { path: 'index.yaml' } : undefined),
    read(path, index) {
      const url = addressOf(path, index);
      return url === undefined ? undefined : { url };
    },
  },
  inspect: { strict: false, covers: (path) => path.endsWith('.tgz'), read: async (file) => readChart(await file.open()) },
  localIndex: { strict: false, covers: isIndex, make: (_request, files) => writeIndex(chartsOf(files)) },
  merge: { strict: true, covers: isIndex, make: ({ strict }, members) => mergeIndexes(members, strict) },
  rewrite: { strict: false, covers: isIndex, make: ({ strict }, member) => rewriteIndex(member, strict) },
};

async function readChart(body: AsyncIterable<Uint8Array>): Promise<unknown> {
  const text = await readFromTarball(body, CHART_YAML).catch((cause: Error) => {
    throw new Error(`not a helm chart: ${cause.message}`);
  });
  if (!text) throw new Error('not a helm chart: the archive has no {chart}/Chart.yaml');
  const chart = parseChart(text.toString('utf8'));
  for (const key of ['name', 'version']) {
    if (chart.get(key) === undefined) throw new Error('not a helm chart: Chart.yaml has no name or version');
  }
  return toJson(chart);
}

function parseChart(text: string): YamlMap {
  try {
    const chart = readYaml(text);
    return chart instanceof Map ? chart : new Map();
  } catch (cause) {
    throw new Error(`not a helm chart: Chart.yaml is ${(cause as Error).message}`, { cause });
  }
}

function chartsOf(files: readonly RepositoryFile[]): Map<string, YamlValue[]> {
  const charts = new Map<string, YamlValue[]>();
  for (const file of files) {
    if (!file.metadata) continue;
    const chart = fromJson(JSON.parse(file.metadata)) as YamlMap;
    const name = String(chart.get('name'));
    const entry = new Map(chart)
      .set('created', file.created_at)
      .set('digest', file.hash)
      .set('urls', [encodePath(file.path)]);
    const versions = charts.get(name) ?? [];
    charts.set(name, versions);
    versions.push(entry);
  }
  return charts;
}
