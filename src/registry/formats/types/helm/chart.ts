import { valid } from 'semver';
import { readFromTarball } from '../../tar';
import { fromJson, readYaml, Scalar, textOf, toJson, writeYaml, type YamlMap, type YamlValue } from './yaml';

/** A chart as its `Chart.yaml` describes it. */
export interface Chart {
  readonly name: string;
  readonly version: string;
  /** The whole of `Chart.yaml`. */
  readonly facts: YamlMap;
}

/** Helm itself unpacks no more than 100 MiB of a chart. */
const CHART_YAML = { matches: (path: string) => /^(?:[^/\\]+[/\\])?Chart\.yaml$/.test(path), limit: 1 << 20, within: 100 << 20 };
/** In characters, with its aliases written out. */
const LARGEST = 2 << 20;
const NAME = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/;
const LONGEST = 200;
const FILE = /^(.+)-(v?\d.*)\.tgz(?:\.prov)?$/;

/** Reads what an archive says of its chart; throws with the reason when it is no chart that can be published. */
export async function readChart(archive: AsyncIterable<Uint8Array>): Promise<Chart> {
  const text = await readFromTarball(archive, CHART_YAML).catch((cause: Error) => {
    throw new Error(`not a helm chart: ${cause.message}`);
  });
  if (!text) throw new Error('not a helm chart: the archive has no {chart}/Chart.yaml');
  return checked(parse(text.toString('utf8')));
}

/** What is kept of a chart with its file. */
export function notesOf({ facts }: Chart): unknown {
  return toJson(facts);
}

/** The chart that was kept with a file; undefined where none was. */
export function chartIn(notes: string): Chart | undefined {
  const facts = notes === '' ? undefined : fromJson(JSON.parse(notes));
  if (!(facts instanceof Map) || !facts.has('name')) return undefined;
  return { name: textOf(facts.get('name')), version: textOf(facts.get('version')), facts };
}

/** The name of the file that has a version of a chart. */
export function fileOf({ name, version }: Pick<Chart, 'name' | 'version'>): string {
  return `${name}-${version}.tgz`;
}

/** The path of the provenance file of a chart's file. */
export function provenanceOf(path: string): string {
  return `${path}.prov`;
}

/** The names that the chart in a file can have: "app-1.0.0-2.0.0.tgz" may have 2.0.0 of "app-1.0.0" or a preview of "app". */
export function namesOfFile(file: string): string[] {
  if (!FILE.test(file)) return [];
  const stem = file.replace(/\.tgz(?:\.prov)?$/, '');
  const splits = [...stem.matchAll(/-(?=v?\d)/g)].map(({ index }) => ({ name: stem.slice(0, index), version: stem.slice(index + 1) }));
  const sound = splits.filter(({ version }) => valid(version));
  return (sound.length > 0 ? sound : splits).map(({ name }) => name);
}

/** What a document says as JSON, as Helm reads it: everything but truth values and nothing is a text. */
export function plainJson(value: YamlValue): unknown {
  if (value instanceof Scalar)
    return /^(?:true|false|null|~|)$/.test(value.text) ? JSON.parse(value.text.replace(/^~?$/, 'null')) : value.text;
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [textOf(key), plainJson(item)]));
  return Array.isArray(value) ? value.map(plainJson) : value;
}

function checked(facts: YamlMap): Chart {
  const [name, version] = [textOf(facts.get('name')), textOf(facts.get('version'))];
  if (name === '' || version === '') throw new Error('not a helm chart: Chart.yaml has no name or version');
  if (!NAME.test(name) || name.length > LONGEST) {
    const rule = `lower-case letters, digits, "-", "." and "_", at most ${LONGEST} characters`;
    throw new Error(`invalid chart name ${JSON.stringify(name)} in Chart.yaml: allowed are ${rule}`);
  }
  if (valid(version) === null)
    throw new Error(`invalid chart version ${JSON.stringify(version)} in Chart.yaml: expected SemVer 2, e.g. 1.2.3 or 1.2.3-beta.1`);
  return { name, version, facts };
}

function parse(text: string): YamlMap {
  try {
    const facts = readYaml(text);
    // What it says is kept with all that its aliases repeat.
    writeYaml(facts, LARGEST);
    return facts instanceof Map ? facts : new Map();
  } catch (cause) {
    throw new Error(`not a helm chart: Chart.yaml is ${(cause as Error).message}`, { cause });
  }
}
