import { rcompare, valid } from 'semver';
import { readYaml, Scalar, textOf as keyOf, type YamlValue } from '../../../formats/types/helm/yaml';
import { GoError } from '../go/json-parse';

/** A version of a chart, as an index describes it; what is missing is empty. */
export interface ChartVersion {
  readonly name: string;
  readonly version: string;
  readonly appVersion: string;
  readonly description: string;
  readonly home: string;
  readonly icon: string;
  readonly digest: string;
  /** ISO 8601, or the beginning of all time. */
  readonly created: string;
  readonly urls: readonly string[];
  readonly maintainers: readonly Maintainer[];
}

/** Somebody who looks after a chart. */
export interface Maintainer {
  readonly name: string;
  readonly email: string;
  readonly url: string;
}

/** An index: the versions of each chart, newest first. */
export interface IndexFile {
  readonly apiVersion: string;
  readonly entries: ReadonlyMap<string, readonly ChartVersion[]>;
}

/** An index without charts. */
export const EMPTY_INDEX: IndexFile = { apiVersion: '', entries: new Map() };

/** Reads `index.yaml`; throws what the server says of a text that is none. */
export function readIndexFile(text: string): IndexFile {
  const document = parse(text);
  if (isNull(document) || document === '') return EMPTY_INDEX;
  const fields = mapOf(document, 'value of type repo.IndexFile');
  const entries = fields.get('entries');
  const charts = isNull(entries) ? new Map<string, YamlValue>() : mapOf(entries, ENTRIES);
  return {
    apiVersion: textOf(fields.get('apiVersion')),
    entries: new Map([...charts].map(([name, versions]) => [name, versionsOf(versions)])),
  };
}

const ENTRIES = 'struct field IndexFile.entries of type map[string]repo.ChartVersions';
const VERSIONS = 'struct field IndexFile.entries of type repo.ChartVersions';
const VERSION = 'struct field IndexFile.entries of type repo.ChartVersion';
const DAWN = '0001-01-01T00:00:00Z';

function parse(text: string): YamlValue | undefined {
  try {
    return readYaml(text);
  } catch (cause) {
    throw new GoError(`error converting YAML to JSON: yaml: ${(cause as Error).message.replace(/^not YAML: /, '')}`);
  }
}

function versionsOf(value: YamlValue): ChartVersion[] {
  if (isNull(value)) return [];
  if (!Array.isArray(value)) return refuse(value, VERSIONS);
  const versions = value.filter((item) => !isNull(item)).map((item) => versionOf(mapOf(item, VERSION)));
  return versions.sort((one, other) => newestFirst(one.version, other.version));
}

function versionOf(fields: ReadonlyMap<string, YamlValue>): ChartVersion {
  const text = (name: string): string => textOf(fields.get(name));
  const created = new Date(text('created'));
  return {
    name: text('name'),
    version: text('version'),
    appVersion: text('appVersion'),
    description: text('description'),
    home: text('home'),
    icon: text('icon'),
    digest: text('digest'),
    created: Number.isNaN(created.getTime()) ? DAWN : created.toISOString(),
    urls: listOf(fields.get('urls')).map(textOf),
    maintainers: listOf(fields.get('maintainers')).map(maintainerOf),
  };
}

function maintainerOf(value: YamlValue): Maintainer {
  const fields = value instanceof Map ? value : new Map<string, YamlValue>();
  return { name: textOf(fields.get('name')), email: textOf(fields.get('email')), url: textOf(fields.get('url')) };
}

function newestFirst(one: string, other: string): number {
  const [left, right] = [valid(one, true), valid(other, true)];
  if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
  return rcompare(left, right);
}

function textOf(value: YamlValue | undefined): string {
  if (isNull(value)) return '';
  return value instanceof Scalar ? value.text : typeof value === 'string' ? value : '';
}

function listOf(value: YamlValue | undefined): readonly YamlValue[] {
  return Array.isArray(value) ? value : [];
}

function mapOf(value: YamlValue | undefined, target: string): ReadonlyMap<string, YamlValue> {
  if (!(value instanceof Map)) return refuse(value, target);
  return new Map([...value].map(([key, item]) => [keyOf(key), item]));
}

function isNull(value: YamlValue | undefined): value is undefined {
  return value === undefined || (value instanceof Scalar && /^(?:|~|null)$/i.test(value.text));
}

function refuse(value: YamlValue | undefined, target: string): never {
  const kind = Array.isArray(value)
    ? 'array'
    : value instanceof Map
      ? 'object'
      : value instanceof Scalar
        ? scalarKind(value.text)
        : 'string';
  throw new GoError(`error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} into Go ${target}`);
}

function scalarKind(text: string): string {
  if (/^(?:true|false|yes|no|on|off)$/i.test(text)) return 'bool';
  return Number.isNaN(Number(text)) ? 'string' : 'number';
}
