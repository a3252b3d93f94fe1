import { type Context } from '../context';
import { HttpError } from '../errors';
import { localsOf } from './internal';
import { type ServedRemote, type ServedVirtual } from './served';

/** Tells who publishes into the wrong repository which one takes it. */
export async function refuse({ strict }: Context, served: ServedRemote | ServedVirtual): Promise<never> {
  if (strict) throw new HttpError(404, '404 page not found');
  const instead = served.kind === 'remote' ? 'a local repository' : `its local members: ${await namesOf(served)}`;
  throw new HttpError(
    405,
    `repository ${JSON.stringify(served.location.name)} is ${served.kind} and takes no changes; publish into ${instead}`,
  );
}

async function namesOf(virtual: ServedVirtual): Promise<string> {
  return (await localsOf(virtual)).map(({ location }) => location.name).join(', ') || 'none';
}
