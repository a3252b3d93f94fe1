import { Fn, Token } from 'cdktf';
import { Construct } from 'constructs';
import { repositoryNameProblem } from '../../../src/common/kubesphere/name';
import { artifactapiUrl } from '../../../src/common/repository-url';
import { Virtual } from '../../artifactapi/virtual';
import { setProblems } from '../../base/problems';
import { addWarning, atSynthesis } from '../../base/synthesis';
import { isToken } from '../../base/token';
import { checkProps, type PropNames } from '../../base/props';
import { RemoteHelm } from '../../generated/artifactapi/remote-helm';
import { AppRepository } from '../app-repository';
import type { CatalogRepository, HelmCatalogProps } from './props';
import { catalogProblems, isSeenIn } from './rules';

/**
 * A catalogue of Helm charts, from one list of chart repositories: caching remotes of ArtifactAPI, a virtual in front of them, and app
 * repositories of KubeSphere that read the virtual. So what KubeSphere lists and installs comes through the cache, upstream credentials stay
 * in ArtifactAPI, and `helm` finds the same charts under `virtual.url`.
 *
 * A workspace sees the whole catalogue, or the repositories that name it; for the latter it gets a virtual of its own. A change of the
 * list makes KubeSphere read the index again in the same deployment; version 4 before 4.1.3 does so when the sync period has passed.
 *
 * The stack needs the providers of both, `ArtifactapiProvider` and `KubesphereProvider`. ArtifactAPI merges indexes and leads links to the
 * upstream's own host through the cache; links to other hosts it leaves alone.
 *
 * @example
 * new HelmCatalog(this, 'catalog', {
 *   name: 'charts',
 *   workspaces: ['payments', 'research'],
 *   repositories: [
 *     { name: 'jetstack', url: 'https://charts.jetstack.io' },
 *     { name: 'stable', url: 'https://charts.example.com/stable' },
 *     { name: 'notebooks', url: 'https://charts.example.com/notebooks', workspaces: ['research'] },
 *   ],
 * });
 */
export class HelmCatalog extends Construct {
  /** The remotes, by the names of the chart repositories. */
  readonly remotes: ReadonlyMap<string, RemoteHelm>;
  /** All of them under one name. */
  readonly virtual: Virtual;
  /** What KubeSphere shows, by workspace; that of the platform is under `''`. */
  readonly appRepositories: ReadonlyMap<string, AppRepository>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: HelmCatalogProps,
  ) {
    super(scope, id);
    checkProps(this, props, propNames);
    const problems = Array.isArray(props.repositories) ? catalogProblems(props) : [];
    setProblems(this, 'HelmCatalog', problems);
    // With names that repeat or are expressions, there are no ids for objects.
    const repositories = problems.length > 0 ? [] : (props.repositories ?? []);
    const workspaces = problems.length > 0 ? [] : (props.workspaces ?? [undefined]);
    this.remotes = new Map(repositories.map((repository) => [repository.name, this.remote(repository)]));
    this.virtual = this.front('virtual', props.name, repositories);
    this.appRepositories = new Map(workspaces.map((workspace) => [workspace ?? '', this.appRepository(workspace, repositories)]));
  }

  private remote({ name, url, remote }: CatalogRepository): RemoteHelm {
    const { artifactapi: provider } = this.props;
    return new RemoteHelm(this, `remote-${name}`, {
      ...this.props.remote,
      ...remote,
      name: `${this.props.name}-${name}`,
      baseUrl: url,
      ...(provider && { provider }),
    });
  }

  private front(id: string, name: string, repositories: readonly CatalogRepository[]): Virtual {
    const { artifactapi: provider } = this.props;
    const members = repositories.flatMap((repository) => this.remotes.get(repository.name)?.name ?? []);
    return new Virtual(this, id, { name, packageType: 'helm', members, ...(provider && { provider }) });
  }

  private appRepository(workspace: string | undefined, repositories: readonly CatalogRepository[]): AppRepository {
    const { kubesphere: provider, appRepository } = this.props;
    const seen = repositories.filter((repository) => isSeenIn(repository, workspace));
    const name = workspace === undefined ? this.props.name : `${this.props.name}-${workspace}`;
    const virtual = seen.length === repositories.length ? this.virtual : this.front(`virtual-${workspace}`, name, seen);
    this.warnOfName(name);
    return new AppRepository(this, workspace === undefined ? 'app' : `app-${workspace}`, {
      syncPeriod: '1h',
      ...appRepository,
      syncTrigger: [appRepository?.syncTrigger ?? [], seen.map((repository) => this.sourceOf(repository))]
        .flat()
        .filter((part) => part !== '')
        .join(', '),
      name,
      url: this.urlOf(virtual),
      ...(workspace !== undefined && { workspace }),
      ...(provider && { provider }),
    });
  }

  /** KubeSphere 3 takes any name, so what version 4 would refuse at plan is no problem yet. */
  private warnOfName(name: string): void {
    const problem = typeof name !== 'string' || isToken(name) ? undefined : repositoryNameProblem(name, '4');
    if (problem === undefined) return;
    const hint = 'only KubeSphere 3 takes it; the name of an app repository is that of the catalogue, "-" and the workspace';
    atSynthesis(this, () => addWarning(this, `name: ${problem}; ${hint}`));
  }

  /** What decides what the index of a repository is. The changes of a write-only password are counted, unless it is null. */
  private sourceOf({ name, url }: CatalogRepository): string {
    const remote = this.remotes.get(name);
    const revision = remote?.passwordWoInput === undefined ? undefined : Token.asString(Fn.coalesce([remote.passwordWoRevision, 0]));
    return [name, url, remote?.usernameInput, revision].filter((part) => part !== undefined).join(' ');
  }

  /** Where KubeSphere reads; it refers to the virtual, which is therefore there before. */
  private urlOf(virtual: Virtual): string {
    const { endpoint } = this.props;
    if (endpoint === undefined) return virtual.url;
    return artifactapiUrl(endpoint, 'virtual', virtual.name);
  }
}

const propNames: PropNames<HelmCatalogProps> = {
  name: 'required',
  repositories: 'required',
  workspaces: 'optional',
  endpoint: 'optional',
  remote: 'optional',
  appRepository: 'optional',
  artifactapi: 'optional',
  kubesphere: 'optional',
};
