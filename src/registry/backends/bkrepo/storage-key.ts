import { checkStorageKey, ownValue } from './parameter-checks';
import { type BkContext } from './context';
import { type Project } from './model';
import { problem } from './problem';

/** Types that the server's own storage does not take. */
export const REFUSED_BY_DEFAULT: readonly string[] = ['DRIVE'];

/** The storage key of a new repository; refuses unknown keys, and types that the storage does not accept. */
export async function resolveStorageKey(
  context: BkContext,
  project: Project,
  wanted: { name: string; type: string; storageCredentialsKey: string | null },
): Promise<string | null> {
  const { byName = {}, byType = {}, default: unset = null } = context.settings.storage;
  const key = wanted.storageCredentialsKey ?? ownValue(byName, wanted.name) ?? byType[wanted.type] ?? project.credentialsKey ?? unset;
  await checkStorageKey(context, key);
  const refused = key === null ? REFUSED_BY_DEFAULT : ((await context.bk.storageCredentials.get(key))?.notAllowRepoTypes ?? []);
  if (refused.includes(wanted.type))
    throw problem('REPOSITORY_TYPE_REFUSED', `Storage credentials [${key ?? 'default'}] does not allow repository type [${wanted.type}]`);
  return key;
}
