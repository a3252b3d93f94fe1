import { type ApiClient, AttributeError, type Diagnostic, known, type MaybeUnknown, type PlanCheckHook } from '../../schema/define';
import type { RepositoryAttributes } from './attributes';
import { doubtful } from './checks';
import { serverOf } from './server';

/** Workspaces that exist, so that many repositories need one look. */
const seenWorkspaces = (): Promise<Map<string, Promise<boolean>>> => Promise.resolve(new Map());

/** Whether a workspace exists. One that does not is looked for anew each time: something may create it. */
async function exists(client: ApiClient, workspace: string): Promise<boolean> {
  const seen = await client.once(seenWorkspaces);
  const asked = seen.get(workspace) ?? serverOf(client).then(({ generation }) => generation.hasWorkspace(client, workspace));
  seen.set(workspace, asked);
  let there = false;
  try {
    return (there = await asked);
  } finally {
    if (!there) seen.delete(workspace);
  }
}

/** What happens to a repository in a workspace that does not exist. */
const missing = (workspace: string): string =>
  `the workspace "${workspace}" does not exist, so nobody would see the repository, and KubeSphere 4 would delete it again; create the workspace first, or correct the name`;

/** Throws if the workspace for a new repository does not exist. */
export async function requireWorkspace(client: ApiClient, workspace: string | undefined): Promise<void> {
  if (workspace !== undefined && !(await exists(client, workspace))) throw new AttributeError(missing(workspace), 'workspace');
}

/** A warning if a workspace does not exist. */
export const doubtWorkspace = async (client: ApiClient, workspace: string): Promise<Diagnostic[]> =>
  (await exists(client, workspace).catch(() => true))
    ? []
    : doubtful('workspace', `the workspace "${workspace}" does not exist; correct the name`);

/** Something else may create the workspace in the same run, so its absence is only doubtful at plan. */
export const planWorkspace: PlanCheckHook<RepositoryAttributes> = async ({ planned, prior, client }) => {
  const workspace = known(planned.workspace as MaybeUnknown<string | undefined>);
  if (!workspace || workspace === prior?.workspace) return [];
  return (await exists(client, workspace)) ? [] : doubtful('workspace', missing(workspace));
};
