import { type FastifyRequest } from 'fastify';
import type * as z from 'zod';
import { type Stored } from '../../store/documents';
import { authorize } from './authorize';
import { readJson } from './body';
import { syncChannels } from './channels';
import { invalid } from './parameter-checks';
import { checkChannels, checkConfiguration, defaultConfiguration } from './configuration';
import { type BkContext } from './context';
import { grantCreator } from './creator';
import { type Repository } from './model';
import { principalOf } from './principal';
import { problem } from './problem';
import { existingProject } from './projects';
import { checkDescription, checkRepositoryName, createRepositoryBody } from './repository-fields';
import { resolveStorageKey } from './storage-key';
import { type BkTables, keyOf, liveRepository, timestamp } from './tables';

/** Makes a repository as a request asks. */
export async function createRepository(context: BkContext, request: FastifyRequest): Promise<Stored<Repository>> {
  const { pluginRequest, ...body } = await readJson(request, createRepositoryBody);
  const principal = principalOf(request);
  await authorize(context, principal, { action: pluginRequest ? 'WRITE' : 'MANAGE', project: body.projectId });
  const { name, projectId } = body;
  const configuration = checked(body);
  const project = await existingProject(context, projectId);
  if (await liveRepository(context.bk, projectId, name)) throw existed(name);
  const storageCredentialsKey = await resolveStorageKey(context, project, body);
  checkChannels(configuration);
  const now = timestamp();
  const audit = { createdBy: principal.userId, createdDate: now, lastModifiedBy: principal.userId, lastModifiedDate: now };
  const repository: Repository = { ...body, ...audit, configuration, storageCredentialsKey, used: 0, deleted: null };
  const stored = await context.bk.atomically(async (tables) => {
    await freeName(tables, repository);
    const added = await tables.repositories.insert({ id: keyOf(projectId, name), scope: projectId }, repository);
    if (added) await syncChannels(tables, added, configuration);
    return added ?? (await tables.repositories.get(keyOf(projectId, name)));
  });
  if (!stored) throw problem('REPOSITORY_NOT_FOUND', `Repository [${name}] not found`, 400);
  await grantCreator(context, principal.userId, { project: projectId, repository: name });
  return stored;
}

function checked({
  name,
  description,
  visibility,
  owner,
  category,
  configuration,
}: Omit<z.infer<typeof createRepositoryBody>, 'pluginRequest'>) {
  checkRepositoryName(name);
  checkDescription(description);
  const value = configuration ?? defaultConfiguration(category);
  checkConfiguration(value, category);
  if (visibility === 'PERSONAL' && !owner?.trim()) throw invalid('owner');
  return value;
}

/** A deleted repository gives its name away only to one in the same storage, and a drive never does. */
async function freeName(tables: BkTables, { projectId, name, type, storageCredentialsKey }: Repository): Promise<void> {
  const old = await tables.repositories.get(keyOf(projectId, name));
  if (!old) return;
  const gives = old.deleted !== null && old.storageCredentialsKey === storageCredentialsKey && type !== 'DRIVE' && old.type !== 'DRIVE';
  if (!gives) throw existed(name);
  await tables.repositories.remove(keyOf(projectId, name));
}

function existed(name: string) {
  return problem('REPOSITORY_EXISTED', `Repository [${name}] existed`);
}
