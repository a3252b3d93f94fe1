import { Readable } from 'node:stream';
import { HttpError, reasonOf } from '../../../errors';
import { type Blob } from '../../../store/blobs';
import { type FileChanges, type LocalRepository } from '../../repository';
import { type Chart, fileOf, notesOf, readChart } from './chart';
import { checkProvenance, type Provenance, readProvenance } from './provenance';

/** What is published together. */
export interface Publication {
  readonly chart?: AsyncIterable<Uint8Array>;
  readonly provenance?: Buffer;
}

/** A chart whose content is in the store. */
export interface ReceivedChart {
  readonly chart: Chart;
  readonly blob: Blob;
}

/** A provenance file whose content is in the store. */
interface ReceivedProvenance {
  readonly provenance: Provenance;
  readonly blob: Blob;
}

/** Publishes a chart, its provenance file or both; what is there already is replaced by force alone. */
export async function publish(repository: LocalRepository, publication: Publication, isForced: boolean): Promise<void> {
  const { chart, provenance } = publication;
  const received = chart && (await receiveChart(repository, await repository.receive(chart)));
  const vouched = provenance && (await receiveProvenance(repository, provenance));
  await repository.change(async (files) => {
    if (received) await putChart(files, received, isForced);
    if (vouched) await putProvenance(files, vouched, isForced);
  });
}

/** Reads the chart that content in the store is; a 400 says why it is none. */
export async function receiveChart(repository: LocalRepository, blob: Blob): Promise<ReceivedChart> {
  try {
    return { chart: await readChart(await repository.read(blob.hash)), blob };
  } catch (cause) {
    throw new HttpError(400, reasonOf(cause));
  }
}

/** Stores a chart, and lists it. */
export async function putChart(files: FileChanges, { chart, blob }: ReceivedChart, isForced: boolean): Promise<void> {
  const path = fileOf(chart);
  const old = await files.find(path);
  if (old && !isForced)
    throw new HttpError(
      409,
      `chart already exists: ${path}; publish another version, or replace this one by force (?force, helm cm-push --force)`,
    );
  await files.put(path, { blob, contentType: 'application/gzip', metadata: JSON.stringify(notesOf(chart)) });
  // What vouched for the old content would refuse the new one.
  if (old && old.hash !== blob.hash) await files.remove(provenanceOf(path));
  const described = chart.facts.get('description');
  const description = typeof described === 'string' ? described : '';
  const { name, version } = chart;
  await files.noteVersion({ name, version, description, tags: [], size: blob.size, path, manifestPath: path });
}

/** Removes a version of a chart with its provenance file; returns whether it was there. */
export async function removeChart(files: FileChanges, { name, version }: Pick<Chart, 'name' | 'version'>): Promise<boolean> {
  const path = fileOf({ name, version });
  if (!(await files.remove(path))) return false;
  await files.remove(provenanceOf(path));
  await files.forgetVersion(name, version);
  return true;
}

/** The path of a chart's provenance file. */
export function provenanceOf(path: string): string {
  return `${path}.prov`;
}

async function receiveProvenance(repository: LocalRepository, content: Buffer): Promise<ReceivedProvenance> {
  return { provenance: readProvenance(content), blob: await repository.receive(Readable.from([content])) };
}

async function putProvenance(files: FileChanges, { provenance, blob }: ReceivedProvenance, isForced: boolean): Promise<void> {
  const path = provenanceOf(provenance.file);
  const chart = await files.find(provenance.file);
  if (chart) checkProvenance(provenance, chart.hash);
  if (!isForced && (await files.find(path))) throw new HttpError(409, `provenance file already exists: ${path}`);
  await files.put(path, { blob, contentType: 'application/pgp-signature' });
}
