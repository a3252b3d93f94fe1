import { type Context } from '../context';
import { HttpError } from '../errors';
import { type ServedRemote, type ServedVirtual } from './served';

/** Tells who publishes into the wrong repository which one takes it. */
export async function refuse({ strict }: Context, served: ServedRemote | ServedVirtual): Promise<never> {
  if (strict) throw new HttpError(404, '404 page not found');
  const instead = served.kind === 'remote' ? 'a local repository' : `its local members: ${await localsOf(served)}`;
  throw new HttpError(
    405,
    `repository ${JSON.stringify(served.location.name)} is ${served.kind} and takes no changes; publish into ${instead}`,
  );
}

async function localsOf(virtual: ServedVirtual): Promise<string> {
  const members = await virtual.members();
  return members.flatMap(({ kind, location }) => (kind === 'local' ? [location.name] : [])).join(', ') || 'none';
}
