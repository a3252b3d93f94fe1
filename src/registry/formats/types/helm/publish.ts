import { HttpError, reasonOf } from '../../../errors';
import { type Blob, readWhole } from '../../../store/blobs';
import { type FileChanges, type LocalRepository, type RepositoryFile } from '../../repository';
import { type Chart, chartIn, fileOf, notesOf, provenanceOf, readChart } from './chart';
import { pushed } from './image';
import { checkProvenance, LARGEST_PROVENANCE, type Provenance, readProvenance } from './provenance';

/** What is published together, as it is in the store. */
export interface Publication {
  readonly chart?: Blob | undefined;
  readonly provenance?: Blob | undefined;
}

/** A chart whose content is in the store. */
export interface ReceivedChart {
  readonly chart: Chart;
  readonly blob: Blob;
}

/** A provenance file whose content is in the store. */
export interface ReceivedProvenance {
  readonly provenance: Provenance;
  readonly blob: Blob;
}

/** Publishes a chart, its provenance file or both; what is there already is replaced by force alone. */
export async function publish(repository: LocalRepository, publication: Publication, isForced: boolean): Promise<void> {
  const received = publication.chart && (await receiveChart(repository, publication.chart));
  const vouched = publication.provenance && (await receiveProvenance(repository, publication.provenance));
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
      `chart already exists: ${path}; publish another version, or overwrite this one (?force, helm cm-push --force)`,
    );
  if (old && !isOf(old, chart))
    throw new HttpError(409, `${path} already belongs to another chart, whose name and version give the same file name; rename this one`);
  await files.put(path, { blob, contentType: 'application/gzip', metadata: JSON.stringify(notesOf(chart)) });
  if (old && old.hash !== blob.hash) await removeBesides(files, chart);
  const described = chart.facts.get('description');
  const description = typeof described === 'string' ? described : '';
  const { name, version } = chart;
  await files.noteVersion({ name, version, description, tags: [], size: blob.size, path, manifestPath: path });
}

/** Removes a version of a chart with its provenance file; returns whether it was there. */
export async function removeChart(files: FileChanges, { name, version }: Pick<Chart, 'name' | 'version'>): Promise<boolean> {
  const path = fileOf({ name, version });
  const file = await files.find(path);
  if (!file || !isOf(file, { name, version })) return false;
  await files.remove(path);
  await removeBesides(files, { name, version });
  await files.forgetVersion(name, version);
  return true;
}

/** "app-1.0.0-2.0.0.tgz" can be a version of "app" or one of "app-1.0.0". */
function isOf({ metadata }: RepositoryFile, { name, version }: Pick<Chart, 'name' | 'version'>): boolean {
  const known = chartIn(metadata);
  return known?.name === name && known.version === version;
}

/** Removes what tells of the old content of a chart. */
async function removeBesides(files: FileChanges, chart: Pick<Chart, 'name' | 'version'>): Promise<void> {
  for (const path of [provenanceOf(fileOf(chart)), pushed.manifest(chart), pushed.config(chart)]) await files.remove(path);
}

/** Reads the provenance file that content in the store is; a 400 says why it is none. */
export async function receiveProvenance(repository: LocalRepository, blob: Blob): Promise<ReceivedProvenance> {
  if (blob.size > LARGEST_PROVENANCE) throw new HttpError(400, `invalid provenance file: it is larger than ${LARGEST_PROVENANCE} bytes`);
  return { provenance: readProvenance(await readWhole(repository, blob.hash)), blob };
}

/** Stores a provenance file of content that a chart has, or is going to have. */
export async function putProvenance(files: FileChanges, { provenance, blob }: ReceivedProvenance, isForced: boolean): Promise<void> {
  const path = provenanceOf(provenance.file);
  const chart = await files.find(provenance.file);
  if (chart) checkProvenance(provenance, chart.hash);
  if (!isForced && (await files.find(path))) throw new HttpError(409, `provenance file already exists: ${path}`);
  await files.put(path, { blob, contentType: 'application/pgp-signature' });
}
