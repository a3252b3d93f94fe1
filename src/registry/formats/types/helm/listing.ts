import { type Document, type IndexRequest } from '../../format';
import { encodePath } from '../../links';
import { type LocalRepository, type RepositoryFile } from '../../repository';
import { imagesOf } from '../docker/names';
import { type Chart, chartIn, namesOfFile, plainJson, provenanceOf } from './chart';
import { newestFirst, writeIndex } from './document';
import { FRONT, withinFront } from './image';
import { type YamlMap } from './yaml';

/** Makes the index of the charts among some files. */
export function makeIndex({ self }: IndexRequest, files: readonly RepositoryFile[]): Document {
  return writeIndex(chartsAmong(files), { self });
}

/** The versions of all charts by name, as ChartMuseum's API lists them. */
export async function listAll(repository: LocalRepository): Promise<Document> {
  return repository.kept(['charts', await repository.revision()], async () => {
    const charts = [...chartsAmong(await repository.list(''))].sort(([a], [b]) => (a < b ? -1 : 1));
    return jsonAnswer(Object.fromEntries(charts.map(([name, versions]) => [name, versions.map(plainJson)])));
  });
}

/** The versions of one chart, from new to old, as entries of an index. */
export async function versionsOf(repository: LocalRepository, name: string): Promise<readonly YamlMap[]> {
  return chartsAmong(await repository.list(`${name}-`)).get(name) ?? [];
}

/** A version of a chart with its files. */
export interface ListedChart {
  readonly chart: Chart;
  readonly file: RepositoryFile;
  readonly provenance: RepositoryFile | undefined;
}

/** The versions of a chart, in no particular order. */
export async function chartsNamed(repository: LocalRepository, name: string): Promise<readonly ListedChart[]> {
  const files = new Map((await repository.list(`${name}-`)).map((file) => [file.path, file]));
  return [...files.values()].flatMap((file) => {
    const chart = chartOf(file);
    return chart?.name === name ? [{ chart, file, provenance: files.get(provenanceOf(file.path)) }] : [];
  });
}

/** Whether a repository has a chart that a path may belong to. */
export async function hasChart(path: string, repository: LocalRepository): Promise<boolean> {
  const names = namesAt(path);
  if (names.length === 0) return false;
  const kept = await repository.kept(['names of charts', await repository.revision()], async () =>
    jsonAnswer([...chartsAmong(await repository.list('')).keys()]),
  );
  const known = new Set(JSON.parse(String(kept.body)) as string[]);
  return names.some((name) => known.has(name));
}

/** A JSON answer. */
export function jsonAnswer(json: unknown, status = 200): Document {
  return { contentType: 'application/json; charset=utf-8', status, body: JSON.stringify(json) };
}

/** The names of the charts that a path can belong to. */
function namesAt(path: string): string[] {
  if (path.startsWith(FRONT)) return imagesOf(withinFront(path));
  const [, told] = /^(?:-|api\/charts)\/([^/]+)(?:\/|$)/.exec(path) ?? [];
  return told === undefined ? path.split('/').flatMap(namesIn) : [told];
}

/** The names of the charts that a segment of a path can belong to; without a version it may be any name that it begins with. */
function namesIn(segment: string): string[] {
  const [, stem] = /^(.+?)\.(?:tgz|tar)(?:\.|$)/.exec(segment) ?? [];
  if (stem === undefined) return [];
  const names = namesOfFile(`${stem}.tgz`);
  return names.length > 0 ? names : stem.split('-').map((_part, index, all) => all.slice(0, index + 1).join('-'));
}

/** The charts among some files as entries of an index, by name. */
function chartsAmong(files: readonly RepositoryFile[]): Map<string, YamlMap[]> {
  const charts = new Map<string, Map<string, YamlMap>>();
  for (const file of files) {
    const chart = chartOf(file);
    if (!chart) continue;
    const versions = charts.get(chart.name) ?? new Map<string, YamlMap>();
    charts.set(chart.name, versions);
    if (!versions.has(chart.version)) versions.set(chart.version, entryOf(chart.facts, file));
  }
  return new Map([...charts].map(([name, versions]) => [name, newestFirst([...versions.values()])]));
}

function chartOf({ path, metadata }: RepositoryFile): Chart | undefined {
  return path.endsWith('.tgz') ? chartIn(metadata) : undefined;
}

function entryOf(facts: YamlMap, { path, hash, created_at }: RepositoryFile): YamlMap {
  return new Map(facts)
    .set('created', created_at)
    .set('digest', hash)
    .set('urls', [encodePath(path)]);
}
