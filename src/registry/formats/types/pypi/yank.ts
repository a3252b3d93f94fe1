import { HttpError } from '../../../errors';
import { type RouteRequest } from '../../format';
import { type LocalRepository } from '../../repository';
import { isOwn, versionOf } from './local';
import { versionKey, yankedOf } from './names';

/** The longest reason, in bytes. */
const LIMIT = 2048;

/** Yanks the version of a path: installers pass over it unless it is asked for by its number. The body is the reason, or empty. */
export async function yank({ path, body }: RouteRequest, repository: LocalRepository): Promise<void> {
  const { project, version } = yankedOf(path) ?? { project: '', version: '' };
  const files = (await repository.list(`${project}/`)).filter(isOwn);
  if (!files.some((file) => versionKey(versionOf(file)) === version))
    throw new HttpError(404, `${project} ${version} is not in this repository`);
  const reason = (await body(LIMIT))
    .toString('utf8')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const blob = await repository.receive(contentOf(reason));
  await repository.change((inside) => inside.put(path, { blob, contentType: 'text/plain; charset=utf-8', metadata: reason }));
}

/** Takes back that the version of a path is yanked. */
export async function unyank({ path }: RouteRequest, repository: LocalRepository): Promise<void> {
  if (!(await repository.change((inside) => inside.remove(path))))
    throw new HttpError(404, `${path.replace(/\/yanked$/, '')} is not yanked`);
}

async function* contentOf(text: string): AsyncGenerator<Uint8Array, void> {
  yield await Promise.resolve(Buffer.from(text));
}
