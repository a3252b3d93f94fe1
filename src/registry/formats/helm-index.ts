import { rcompare, valid } from 'semver';
import { parse, stringify } from 'yaml';
import { type Document, type MemberDocument } from './format';
import { throughRegistry } from './links';

/** One version of a chart in an index. */
export type ChartVersion = Record<string, unknown> & { version: string; urls?: unknown };
/** The charts of an index by name. */
export type Entries = Record<string, ChartVersion[]>;

/** Merges the indexes of the members: the first member that has a version of a chart gives it. */
export function mergeIndexes(members: readonly MemberDocument[]): Document {
  const merged = new Map<string, Map<string, ChartVersion>>();
  for (const member of members) {
    for (const [name, versions] of Object.entries(readEntries(member.body))) {
      const known = merged.get(name) ?? new Map<string, ChartVersion>();
      merged.set(name, known);
      for (const version of versions) {
        if (known.has(version.version)) continue;
        const urls = Array.isArray(version.urls) ? version.urls.map(String) : [];
        known.set(version.version, { ...version, urls: urls.map((url) => throughRegistry(url, member)) });
      }
    }
  }
  return writeIndex(Object.fromEntries([...merged].map(([name, versions]) => [name, [...versions.values()]])));
}

/** Writes an index, charts by name and versions from new to old. */
export function writeIndex(entries: Entries): Document {
  const sorted = Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [, versions] of sorted) versions.sort(newestFirst);
  const index = { apiVersion: 'v1', entries: Object.fromEntries(sorted), generated: newestTime(sorted) };
  return { contentType: 'application/yaml; charset=utf-8', body: stringify(index, { aliasDuplicateObjects: false }) };
}

/** The time an index is made is the time of its newest chart, so that the same charts give the same bytes. */
function newestTime(entries: [string, ChartVersion[]][]): string {
  const times = entries.flatMap(([, versions]) => versions.map(({ created }) => (typeof created === 'string' ? Date.parse(created) : 0)));
  return new Date(times.reduce((newest, time) => (time > newest ? time : newest), 0)).toISOString();
}

function readEntries(body: Buffer): Entries {
  const index: unknown = parse(body.toString('utf8'), { maxAliasCount: 10_000, logLevel: 'error' });
  const entries = isRecord(index) && isRecord(index['entries']) ? Object.entries(index['entries']) : [];
  if (!isRecord(index)) throw new Error('not a helm index');
  return Object.fromEntries(entries.map(([name, versions]) => [name, Array.isArray(versions) ? versions.filter(isVersion) : []]));
}

function isVersion(value: unknown): value is ChartVersion {
  return isRecord(value) && typeof value['version'] === 'string';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function newestFirst(a: ChartVersion, b: ChartVersion): number {
  if (valid(a.version) && valid(b.version)) return rcompare(a.version, b.version);
  return Number(Boolean(valid(b.version))) - Number(Boolean(valid(a.version))) || (a.version < b.version ? 1 : -1);
}
