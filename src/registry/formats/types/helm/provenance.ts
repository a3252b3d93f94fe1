import { HttpError } from '../../../errors';
import { fileOf, namesOfFile } from './chart';
import { readYaml, textOf, type YamlMap } from './yaml';

/** What a provenance file vouches for. */
export interface Provenance {
  /** The name of the chart's file, and the SHA-256 that it must have. */
  readonly file: string;
  readonly hash: string;
}

/** The largest provenance file: a `Chart.yaml`, a hash and a signature. */
export const LARGEST_PROVENANCE = 2 << 20;

const SIGNED = /^-----BEGIN PGP SIGNED MESSAGE-----\r?\n(?:[^\r\n]+\r?\n)*\r?\n([\s\S]*?)\r?\n-----BEGIN PGP SIGNATURE-----/;

/** Reads a provenance file: a signed message of two documents, the `Chart.yaml` and the hashes of files. Whatever it is else is a 400. */
export function readProvenance(content: Buffer): Provenance {
  const [, text] = SIGNED.exec(content.toString('utf8')) ?? [];
  if (text === undefined) throw invalid('it is not a signed message of OpenPGP');
  const [facts, files] = text
    .replace(/^- /gm, '')
    .split(/^\.\.\.\s*$/m)
    .map(mapping);
  const hashes = files?.get('files');
  const [[file, hash] = []] = hashes instanceof Map ? [...hashes] : [];
  const [, hex] = /^sha256:([0-9a-f]{64})$/.exec(textOf(hash)) ?? [];
  if (!facts || file === undefined || hex === undefined) throw invalid('it does not tell the SHA-256 of a chart');
  const named = fileOf({ name: textOf(facts.get('name')), version: textOf(facts.get('version')) });
  if (textOf(file) !== named || namesOfFile(named).length === 0 || named.includes('/'))
    throw invalid(`it is of ${JSON.stringify(textOf(file))}, but its Chart.yaml is that of ${JSON.stringify(named)}`);
  return { file: named, hash: hex };
}

/** Throws a 400 when a provenance file vouches for other content than a chart has. */
export function checkProvenance({ file, hash }: Provenance, actual: string): void {
  if (hash !== actual) throw invalid(`it vouches for ${file} with the SHA-256 ${hash}, but the chart has ${actual}`);
}

function mapping(text: string): YamlMap | undefined {
  try {
    const value = readYaml(text);
    return value instanceof Map ? value : undefined;
  } catch {
    return undefined;
  }
}

function invalid(reason: string): HttpError {
  return new HttpError(400, `invalid provenance file: ${reason}`);
}
