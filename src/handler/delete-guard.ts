import type { ListQuery } from '../schema/define/binding';
import { idOf, type ResourceDefinition } from '../schema/define/definition';
import { ApiError } from '../schema/define/errors';
import { type Diagnostic, error } from '../common/diagnostic';
import { snakeCase } from '../common/names';
import type { ValueRecord } from '../common/value';
import { type Compiled, keyOf } from './compiled';
import { type Session, serverOf } from './session';

/** The warning about what a delete leaves on the server, for objects that cannot be deleted. */
export const undeletableNotice = ({ undeletable }: ResourceDefinition, prior: ValueRecord): Diagnostic[] =>
  undeletable ? [undeletable(prior)] : [];

/** When a delete is checked: at plan, some of the children may still be deleted in the same run; at apply, they already are. */
export type Moment = 'plan' | 'apply';

/** Refuses a delete that would lose what the object holds, unless its state allows it. */
export async function refuseLoss(
  session: Session,
  compiled: Compiled<ResourceDefinition>,
  { prior, moment }: { readonly prior: ValueRecord; readonly moment: Moment },
): Promise<Diagnostic[]> {
  const { deleteGuard, type } = compiled.definition;
  const key = keyOf(compiled, prior);
  if (!deleteGuard || !key || !session.connection || prior[snakeCase(deleteGuard.allow)] === true) return [];
  const held = await heldBy(session, compiled, { key, hints: prior });
  const owned = session.seen.get(deleteGuard.childType);
  const lost = moment === 'plan' ? held.filter((name) => !owned?.has(idOf([...key, name]))) : held;
  if (lost.length === 0) return [];
  const some = lost
    .slice(0, 3)
    .map((name) => `"${name}"`)
    .join(', ');
  return [
    error(
      'Delete Would Lose Files',
      `${type} "${idOf(key)}" holds ${lost.length >= 1000 ? 'at least 1000' : lost.length} file${lost.length === 1 ? '' : 's'} (${some}${lost.length > 3 ? ', ...' : ''}), which would be lost. Remove them first, or set ${snakeCase(deleteGuard.allow)} = true${inTypeScript(deleteGuard.allow)}, apply that, and then delete it.`,
    ),
  ];
}

/** Some of what an object holds that its delete would lose; nothing if it does not exist. */
export async function heldBy(
  session: Session,
  { definition: { deleteGuard, binding } }: Compiled<ResourceDefinition>,
  { key, hints }: ListQuery,
): Promise<readonly string[]> {
  if (!deleteGuard) return [];
  const connection = session.connected();
  const { client, reader } = connection;
  return reader
    .sure(client, (sure) => deleteGuard.list(serverOf(connection, sure), key))
    .catch((thrown: unknown) => unlisted(thrown, () => reader.single(binding, { key, ...(hints && { hints }) })));
}

/** The name of an attribute in TypeScript, where it is another than in HCL. */
const inTypeScript = (key: string): string => (snakeCase(key) === key ? '' : ` (in TypeScript: ${key})`);

/** A repository that no longer exists has nothing to lose; any other failure to list its files stops the delete. */
async function unlisted(thrown: unknown, read: () => Promise<unknown>): Promise<readonly string[]> {
  if (thrown instanceof ApiError && thrown.code === 'not-found' && (await read()) === undefined) return [];
  throw thrown;
}
