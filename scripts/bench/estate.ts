import { fieldsOf, type RemoteFields } from './remote-fields';
import { repositoryOf } from './repository-fields';
import type { Phase } from './phases';

/** What a configuration is full of, for one provider of ours. */
export interface Estate {
  /** Type of our provider. */
  readonly provider: 'artifactapi' | 'bkrepo';
  /** What the objects are called, for titles. */
  readonly title: string;
  /** Our resource. */
  readonly resource: string;
  /** Its attributes for the object with this number. */
  readonly body: (index: number, changed: boolean) => object;
  /** What the API gets of them, where one body of a write is the object itself, as the peer needs it. */
  readonly onWire?: { readonly path: string; readonly of: (index: number, changed: boolean) => object };
  /** How many requests each phase may take at most, for so many objects. */
  readonly requests: Readonly<Record<Phase, (n: number) => number>>;
}

const generic = (fields: RemoteFields): object => ({ ...fields, package_type: 'generic' });

/** Remotes of ArtifactAPI: all are in one list. */
export const remotes: Estate = {
  provider: 'artifactapi',
  title: 'remotes',
  resource: 'artifactapi_remote_generic',
  body: fieldsOf,
  onWire: { path: '/api/v2/remotes', of: (index, changed) => generic(fieldsOf(index, changed)) },
  requests: { create: (n) => n + 1, plan: (n) => Math.min(n, 2), noRefresh: () => 0, changeOne: () => 4, destroy: (n) => n + 3 },
};

/**
 * Repositories of BK-Repo: each project has a list of its own. A create is read back, because its answer lacks fields, and before a
 * delete the files of each project are searched for, in the plan and again in the apply.
 */
export function repositories(projects: number): Estate {
  const refresh = (n: number): number => Math.min(n, 2 * projects);
  return {
    provider: 'bkrepo',
    title: `repositories in ${projects} projects`,
    resource: 'bkrepo_local_repository',
    body: (index, changed) => repositoryOf(index, projects, changed),
    requests: {
      create: (n) => 2 * n + Math.min(n, projects),
      plan: refresh,
      noRefresh: () => 0,
      changeOne: (n) => refresh(n) + 2,
      destroy: (n) => n + refresh(n) + 2 * Math.min(n, projects),
    },
  };
}
