import { type Document, type RouteRequest } from '../../format';
import { type LocalRepository } from '../../repository';
import { DockerError, json } from './answers';
import { type Asked, checkedDigest, paths, placeOf } from './names';

const INDEX = 'application/vnd.oci.image.index.v1+json';

/** Whether an image has been pushed. */
export async function hasImage(repository: LocalRepository, image: string): Promise<boolean> {
  return (await repository.list(paths.manifest(image, ''), 1)).length > 0;
}

/** The tags of an image in the order of their bytes, or a page of them. */
export async function showTags(request: RouteRequest, repository: LocalRepository, { image }: Asked): Promise<Document> {
  const prefix = paths.tag(image, '');
  const n = countOf(request.query.get('n'));
  const last = request.query.get('last') ?? '';
  // One more than is wanted tells whether there is more.
  const files = await repository.list(prefix, n === undefined ? undefined : n + 1, last === '' ? undefined : prefix + last);
  const rest = files.map(({ path }) => path.slice(prefix.length));
  if (rest.length === 0 && !(await hasImage(repository, image)))
    throw new DockerError(
      [404, 'NAME_UNKNOWN'],
      `there is no image ${JSON.stringify(image)} in ${JSON.stringify(repository.location.name)}`,
    );
  const tags = rest.slice(0, n);
  const next = tags.at(-1);
  const isMore = n !== undefined && next !== undefined && tags.length < rest.length;
  const place = placeOf(request.address);
  const link = isMore ? { link: `<${place}tags/list?${new URLSearchParams({ n: String(n), last: next }).toString()}>; rel="next"` } : {};
  const name = /^\/v2\/(.+)\/$/.exec(place)?.[1] ?? image;
  return json({ name, tags }, { headers: link });
}

/** The manifests that are about another one. */
export async function showReferrers(request: RouteRequest, repository: LocalRepository, { image, reference }: Asked): Promise<Document> {
  const subject = checkedDigest(reference).text;
  const files = await repository.list(paths.referrer(image, subject, ''));
  const type = request.query.get('artifactType') ?? '';
  const all = files.map(({ metadata }) => JSON.parse(metadata) as { artifactType?: string });
  const manifests = type === '' ? all : all.filter(({ artifactType }) => artifactType === type);
  const headers: Record<string, string> = type === '' ? {} : { 'oci-filters-applied': 'artifactType' };
  return json({ schemaVersion: 2, mediaType: INDEX, manifests }, { contentType: INDEX, headers });
}

function countOf(text: string | null): number | undefined {
  if (text === null || text === '') return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new DockerError([400, 'UNSUPPORTED'], `invalid n ${JSON.stringify(text)}: expected how many tags are wanted, such as 100`);
}
