import { type FastifyInstance } from 'fastify';
import { type Context } from '../context';
import { type Faults } from '../faults/fault';
import { type BackendName, type RegistryOptions } from '../options';
import { type Limited } from '../store/quotas';
import { artifactApiApp } from './artifactapi/app';
import { bkRepoApp } from './bkrepo/app';
import { type PlatformKeys, setUpBkRepo } from './bkrepo/setup';
import { kubeSphereApp } from './kubesphere/app';
import { hiddenRepositories, setUpKubeSphere } from './kubesphere/setup';

/** A backend that is ready to listen. */
export interface Prepared {
  readonly name: BackendName;
  readonly app: FastifyInstance;
  readonly port: number;
  readonly prefix?: string;
  readonly platformKeys?: PlatformKeys;
  readonly notes?: readonly string[];
}

/** Makes what serves a backend, and its initial content. */
export async function prepare(
  name: BackendName,
  given: { options: RegistryOptions; context: Context; faults: Faults | undefined },
): Promise<Prepared> {
  const { options, faults } = given;
  if (name === 'artifactapi') {
    const notes = await given.context.quotas.notes(name, () => repositoryNames(given.context));
    return { name, app: artifactApiApp(given.context, faults), port: options.port ?? 8000, notes };
  }
  if (name === 'kubesphere') {
    const { port = 30880, ...settings } = options.kubesphere ?? {};
    const context = await setUpKubeSphere(given.context, settings);
    return { name, app: kubeSphereApp(context, faults), port, notes: hiddenRepositories(context) };
  }
  const { port = 8080, ...settings } = options.bkrepo ?? {};
  const { context, platformKeys } = await setUpBkRepo(given.context, settings);
  const notes = await context.quotas.notes(name, async () => ({
    kind: 'project',
    names: (await context.bk.projects.all()).map((project) => project.name),
  }));
  return { name, app: bkRepoApp(context, faults), port, prefix: context.settings.prefix, platformKeys, notes };
}

/** What ArtifactAPI's quotas can be of. */
async function repositoryNames({ store: { repositories } }: Context): Promise<Limited> {
  const [remotes, virtuals] = [await repositories.remotes(), await repositories.virtuals()];
  const isLocal = ({ repo_type }: (typeof remotes)[number]) => repo_type === 'local';
  const others = [...remotes.filter((each) => !isLocal(each)), ...virtuals].map(({ name }) => name);
  return { kind: 'local repository', names: remotes.filter(isLocal).map(({ name }) => name), others };
}
