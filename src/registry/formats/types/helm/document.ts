import { rcompare, valid } from 'semver';
import { type Spelling } from '../../../proxy/canonical';
import { type Digest, digestOf, type Digests, listedDigests } from '../../digests';
import { type Document, type IndexRequest, type MemberDocument, type RepositoryLocation, type Told } from '../../format';
import { fileNameOf, outsideOf, pathOf, throughRegistry } from '../../links';
import { chartFiles, type ChartLink, replaceLinks } from './spans';
import { readYaml, textOf, writeYaml, type YamlKey, type YamlMap, type YamlValue } from './yaml';

/** The charts of an index by name. */
type Charts = Map<YamlKey, YamlValue[]>;

const CONTENT_TYPE = 'application/yaml; charset=utf-8';
/** How much longer than what it was read from an index may become, for a document that repeats itself by aliases. */
const GROWTH = 10;
const ROOM = 1 << 20;

/** A file of a chart that an index gives by an address outside of its repository, under the path it has at this registry. */
const TOLD = /^-\/([^/]+)\/([^/]+)\/([^/]+)$/;

/** Reads an index; throws when the text is something else. */
function readIndex(body: Buffer): YamlMap {
  const index = readYaml(body.toString('utf8'));
  if (!(index instanceof Map)) throw new Error('not a helm index: not a mapping');
  return index;
}

/** Rewrites the links of one index; everything else stays as it is. */
export function rewriteIndex(member: MemberDocument, isLeftAlone: boolean): Document {
  const links = new ChartLinks(member, isLeftAlone);
  const replaced = replaceLinks(member.body.toString('utf8'), (link) => links.through(link));
  return { contentType: CONTENT_TYPE, body: replaced ?? writeYaml(links.rewriteAll(readIndex(member.body)), limitFor([member])) };
}

/**
 * Merges the indexes of members: the first member that has a version of a chart gives it. A chart of an internal member has the versions
 * that internal members have and no others, except as real servers merge.
 */
export function mergeIndexes({ self, strict }: IndexRequest, members: readonly MemberDocument[]): Document {
  const merged = new Map<string, Map<string, YamlValue>>();
  const indexes = members.map((member) => ({ member, charts: chartsOf(readIndex(member.body)) }));
  const internal = new Set(indexes.flatMap(({ member, charts }) => (member.isInternal ? [...charts.keys()].map(textOf) : [])));
  for (const { member, charts } of indexes) {
    const links = new ChartLinks(member, strict);
    for (const [key, versions] of charts) {
      const name = textOf(key);
      if (!strict && !member.isInternal && internal.has(name)) continue;
      const known = merged.get(name) ?? new Map<string, YamlValue>();
      merged.set(name, known);
      for (const chart of versions) {
        const version = versionOf(chart);
        if (version !== undefined && !known.has(version)) known.set(version, links.rewrite(chart));
      }
    }
  }
  const charts = new Map([...merged].map(([name, versions]) => [name, [...versions.values()]]));
  return writeIndex(charts, { limit: limitFor(members), self: strict ? undefined : self });
}

/** How an index is written. */
export interface Writing {
  /** The repository that it is the index of; it tells `helm cm-push` where the API for uploads is. @default nothing is told */
  readonly self?: RepositoryLocation | undefined;
  /** The most characters that it may have. @default no limit */
  readonly limit?: number;
}

/** Writes an index, charts by name and versions from new to old. */
export function writeIndex(charts: ReadonlyMap<string, readonly YamlValue[]>, { self, limit }: Writing): Document {
  const sorted = [...charts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, versions]) => [name, newestFirst(versions)] as const);
  const index: YamlMap = new Map<string, YamlValue>([
    ['apiVersion', 'v1'],
    ['entries', new Map(sorted)],
    ['generated', newestTime(sorted)],
  ]);
  if (self) index.set('serverInfo', new Map([['contextPath', new URL(self.url).pathname.replace(/\/$/, '')]]));
  return { contentType: CONTENT_TYPE, body: writeYaml(index, limit) };
}

/** What the index says of a chart's file outside of its repository, by the path the file has at this registry. */
export function toldOf(path: string, member: MemberDocument): Told | undefined {
  const [, name, version] = TOLD.exec(path) ?? [];
  const charts = [...chartsOf(readIndex(member.body)).values()].flat();
  const named = charts.filter((chart) => chart instanceof Map && textOf(chart.get('name')) === name && versionOf(chart) === version);
  const links = named.flatMap((chart) =>
    filesOf(chart).map(({ url, digest }) => ({ target: outsideOf(url, member), digest: digestFrom(digest) })),
  );
  for (const { target, digest } of links) {
    const place = target && toldPath(name ?? '', version ?? '', target);
    if (place === path) return { url: target?.href ?? '', ...(digest && { digest }) };
    if (!target || `${place}.prov` !== path) continue;
    target.pathname += '.prov';
    return { url: target.href };
  }
  return undefined;
}

/** The digests of the files that an index lists below its repository's address. */
export function digestsIn(index: MemberDocument, spelling: Spelling): Digests {
  const files = chartFiles(index.body.toString('utf8')) ?? [...chartsOf(readIndex(index.body)).values()].flat().flatMap(filesOf);
  return listedDigests(files.map(({ url, digest }) => [pathOf(url, index, spelling), digestFrom(digest)]));
}

function filesOf(chart: YamlValue) {
  const digest = chart instanceof Map ? textOf(chart.get('digest')) : '';
  return urlsOf(chart).map((url) => ({ url, digest }));
}

/** Some tools write the algorithm before it. */
function digestFrom(text: string): Digest | undefined {
  return digestOf('sha256', text.replace(/^sha256:/i, ''));
}

/** Whether a path is that of a file outside of the repository. */
export function isTold(path: string): boolean {
  return TOLD.test(path);
}

/** Leads the links of an index's charts through the registry. */
class ChartLinks {
  constructor(
    private readonly member: MemberDocument,
    private readonly isLeftAlone: boolean,
  ) {}

  rewriteAll(index: YamlMap): YamlMap {
    const entries = new Map([...chartsOf(index)].map(([name, charts]) => [name, charts.map((chart) => this.rewrite(chart))]));
    return entries.size > 0 ? new Map(index).set('entries', entries) : index;
  }

  rewrite(chart: YamlValue): YamlValue {
    if (!(chart instanceof Map) || !chart.has('urls')) return chart;
    const name = textOf(chart.get('name'));
    const version = versionOf(chart) ?? '';
    return new Map(chart).set(
      'urls',
      urlsOf(chart).map((url) => this.through({ name, version, url })),
    );
  }

  through({ name, version, url }: ChartLink): string {
    // What could not be found again under its name stays where it is.
    const isLost = name === '' || version === '' || /\//.test(name + version);
    const naming = this.isLeftAlone || isLost ? undefined : (target: URL) => toldPath(name, version, target);
    return throughRegistry(url, this.member, naming);
  }
}

function limitFor(members: readonly MemberDocument[]): number {
  return members.reduce((sum, { body }) => sum + body.length * GROWTH, ROOM);
}

function toldPath(name: string, version: string, target: URL): string {
  return `-/${name}/${version}/${fileNameOf(target) || `${name}-${version}.tgz`}`;
}

function chartsOf(index: YamlMap): Charts {
  const entries = index.get('entries');
  if (!(entries instanceof Map)) return new Map();
  return new Map([...entries].map(([name, versions]) => [name, Array.isArray(versions) ? versions : []]));
}

function versionOf(chart: YamlValue): string | undefined {
  const version = chart instanceof Map ? chart.get('version') : undefined;
  return version === undefined || version instanceof Map || Array.isArray(version) ? undefined : String(version);
}

function urlsOf(chart: YamlValue): string[] {
  const urls = chart instanceof Map ? chart.get('urls') : undefined;
  return Array.isArray(urls) ? urls.map(textOf) : [];
}

/** The time an index is made is the time of its newest chart, so that the same charts give the same bytes. */
function newestTime(charts: readonly (readonly [string, readonly YamlValue[]])[]): string {
  let newest = 0;
  for (const [, versions] of charts) {
    for (const chart of versions) {
      const time = chart instanceof Map ? Date.parse(textOf(chart.get('created'))) : NaN;
      if (time > newest) newest = time;
    }
  }
  return new Date(newest).toISOString();
}

/** Sorts versions of a chart from new to old. */
export function newestFirst<T extends YamlValue>(versions: readonly T[]): T[] {
  return [...versions].sort((a, b) => compareVersions(versionOf(a) ?? '', versionOf(b) ?? ''));
}

function compareVersions(a: string, b: string): number {
  if (valid(a) && valid(b)) return rcompare(a, b);
  return Number(Boolean(valid(b))) - Number(Boolean(valid(a))) || (a < b ? 1 : a > b ? -1 : 0);
}
