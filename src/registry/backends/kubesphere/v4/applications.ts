import { compare, valid } from 'semver';
import { type Cluster } from '../cluster';
import { type AppRules } from '../generation';
import { type ChartVersion, type IndexFile } from '../index/index-file';
import { ALIAS_ANNOTATION, DESCRIPTION_ANNOTATION, timestamp, WORKSPACE_LABEL, workspaceOf } from '../objects';
import { API_VERSION, type Application, type ApplicationVersion, type Repo } from './model';
import { dashed, shortName, versionName } from './short-names';
import { labelProblems } from './validate';

const PREFIX = 'application.kubesphere.io';
/** The label with the repository that an application came from. */
export const REPO_LABEL = `${PREFIX}/repo-name`;
/** The label with the application that a version belongs to. */
export const APP_LABEL = `${PREFIX}/app-id`;
const LATEST_ANNOTATION = `${PREFIX}/latest-app-version`;
const MAINTAINERS_ANNOTATION = `${PREFIX}/app-maintainers`;
const TYPE_LABELS = { [`${PREFIX}/app-type`]: 'helm' };

/** Makes the applications of a repository what its index says: one for each chart, with its versions. Throws where the real one fails. */
export class Applications {
  constructor(
    private readonly cluster: Cluster,
    private readonly rules: AppRules,
  ) {}

  /** Brings the applications up to date. */
  async apply(repo: Repo, { entries }: IndexFile): Promise<void> {
    const { name } = repo.metadata;
    const expected = new Set([...entries.keys()].map((chart) => `${name}-${shortName(chart)}`));
    if (this.rules.areRemoved) {
      for (const app of this.#of(name)) if (!expected.has(app.metadata.name)) await this.#remove(app);
    }
    for (const [chart, versions] of entries) if (versions.length > 0) await this.#applyChart(repo, chart, versions);
  }

  /** The names of the repositories that there are applications of. */
  repositories(): ReadonlySet<string> {
    return new Set(this.cluster.apps.list().flatMap(({ metadata }) => metadata.labels?.[REPO_LABEL] ?? []));
  }

  /** Removes what belonged to a repository of this name before the one that has it now, if any. */
  async collect(repo: string, now: string | undefined): Promise<void> {
    for (const app of this.#of(repo)) if (app.metadata.ownerReferences?.some(({ uid }) => uid !== now)) await this.#remove(app);
  }

  async #applyChart(repo: Repo, chart: string, listed: readonly ChartVersion[]): Promise<void> {
    const appName = `${repo.metadata.name}-${shortName(chart)}`;
    const { areRemoved, kept, hasDashes } = this.rules;
    const newest = newestOfEach(listed).slice(0, kept);
    const versions = hasDashes ? newest.map((each) => ({ ...each, version: dashed(each.version) })) : newest;
    const known = this.#versionsOf(appName);
    const names = new Set(versions.map(({ version }) => `${appName}-${versionName(version)}`));
    for (const { metadata } of known) if (areRemoved && !names.has(metadata.name)) await this.cluster.versions.remove(metadata.name);
    const digests = new Map(known.map(({ metadata, spec }) => [metadata.name, spec.digest ?? '']));
    // A version without a digest counts as known. So that a chart has an application all the same, later versions take the first one.
    const changed = versions.filter(({ version, digest }) => (digests.get(`${appName}-${versionName(version)}`) ?? '') !== digest);
    const [first = areRemoved && !this.cluster.apps.get(appName) ? versions[0] : undefined] = changed;
    if (!first) return;
    await this.#putApp(repo, appName, { chart, version: first });
    for (const version of changed.length > 0 ? changed : [first]) await this.#putVersion(repo, appName, { chart, version });
    await this.#nameLatest(appName);
  }

  async #putApp(repo: Repo, name: string, { chart, version }: Chart): Promise<void> {
    const { apps } = this.cluster;
    const { metadata } = repo;
    const known = apps.get(name);
    const labels = {
      ...known?.metadata.labels,
      ...labelsOf(repo),
      ...this.rules.labels,
      [`${PREFIX}/app-category-name`]: 'kubesphere-app-uncategorized',
    };
    refuseLong(labels);
    const annotations = { ...known?.metadata.annotations, ...annotationsOf(chart, version), [`${PREFIX}/app-originalName`]: chart };
    const ownerReferences = [{ apiVersion: API_VERSION, kind: 'Repo', name: metadata.name, uid: metadata.uid }];
    const { icon, home, description } = version;
    const spec = {
      ...(home && { appHome: home }),
      appType: 'helm',
      ...(icon && { icon }),
      ...(description && { abstraction: description }),
    };
    const status: Application['status'] = { state: known?.status.state ?? 'active', updateTime: timestamp() };
    if (known) await apps.update({ metadata: { ...known.metadata, labels, annotations, ownerReferences }, spec, status });
    else await apps.create({ metadata: { name, labels, annotations, ownerReferences }, spec, status });
  }

  async #putVersion(repo: Repo, appName: string, { chart, version }: Chart): Promise<void> {
    const { versions, apps } = this.cluster;
    const name = `${appName}-${versionName(version.version)}`;
    const known = versions.get(name);
    const labels = { ...known?.metadata.labels, ...labelsOf(repo), [APP_LABEL]: appName };
    refuseLong(labels);
    const metadata = {
      labels,
      annotations: { ...known?.metadata.annotations, ...annotationsOf(chart, version) },
      ownerReferences: [
        {
          apiVersion: API_VERSION,
          kind: 'Application',
          name: appName,
          uid: apps.get(appName)?.metadata.uid ?? '',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      finalizers: [this.rules.finalizer],
    };
    const spec = versionSpec(repo, version);
    const status = { state: 'active', updated: timestamp() };
    if (known) await versions.update({ metadata: { ...known.metadata, ...metadata }, spec, status });
    else await versions.create({ metadata: { name, ...metadata }, spec, status });
  }

  async #nameLatest(appName: string): Promise<void> {
    const app = this.cluster.apps.get(appName);
    const [first, ...more] = this.#versionsOf(appName).map(({ spec }) => spec.versionName);
    if (!app || first === undefined) return;
    const latest = more.reduce((best, next) => (isNewer(next, best) ? next : best), first);
    const annotations = { ...app.metadata.annotations, [LATEST_ANNOTATION]: latest };
    await this.cluster.apps.update({ ...app, metadata: { ...app.metadata, annotations } });
  }

  #of(repo: string): Application[] {
    return this.cluster.apps.list().filter(({ metadata }) => metadata.labels?.[REPO_LABEL] === repo);
  }

  #versionsOf(app: string): ApplicationVersion[] {
    return this.cluster.versions.list().filter(({ metadata }) => metadata.labels?.[APP_LABEL] === app);
  }

  async #remove({ metadata }: Application): Promise<void> {
    for (const version of this.#versionsOf(metadata.name)) await this.cluster.versions.remove(version.metadata.name);
    await this.cluster.apps.remove(metadata.name);
  }
}

interface Chart {
  readonly chart: string;
  readonly version: ChartVersion;
}

function versionSpec(repo: Repo, { version, home, icon, digest, maintainers, urls }: ChartVersion): ApplicationVersion['spec'] {
  const [url] = urls;
  // The real controller panics here, and tries again for ever.
  if (url === undefined) throw new Error(`version ${version} has no URL`);
  const pullUrl = /^(?:https?|s3|oci):\/\//.test(url) ? url : `${repo.spec.url.replace(/\/$/, '')}/${url}`;
  const maintainer = maintainers.map((person) => Object.fromEntries(Object.entries(person).filter(([, value]) => value !== '')));
  return {
    versionName: version,
    ...(home && { appHome: home }),
    ...(icon && { icon }),
    created: timestamp(),
    ...(digest && { digest }),
    appType: 'helm',
    ...(maintainer.length > 0 && { maintainer }),
    pullUrl,
  };
}

function labelsOf(repo: Repo): Record<string, string> {
  return { ...TYPE_LABELS, [REPO_LABEL]: repo.metadata.name, [WORKSPACE_LABEL]: workspaceOf(repo) };
}

function annotationsOf(chart: string, { description, maintainers }: ChartVersion): Record<string, string> {
  const [first] = maintainers;
  return { [ALIAS_ANNOTATION]: chart, [DESCRIPTION_ANNOTATION]: description, ...(first && { [MAINTAINERS_ANNOTATION]: first.name }) };
}

function refuseLong(labels: Readonly<Record<string, string>>): void {
  const [problem] = Object.values(labels).flatMap((value) => labelProblems('metadata.labels', value));
  if (problem !== undefined) throw new Error(problem);
}

/** Of versions that are the same, the one made last; the newest first. */
function newestOfEach(versions: readonly ChartVersion[]): ChartVersion[] {
  const byVersion = new Map<string, ChartVersion>();
  for (const version of versions) {
    const known = byVersion.get(version.version);
    if (!known || version.created > known.created) byVersion.set(version.version, version);
  }
  return [...byVersion.values()].sort((one, other) => (one.created === other.created ? 0 : one.created > other.created ? -1 : 1));
}

function isNewer(one: string, other: string): boolean {
  const [left, right] = [one, other].map((version) => valid(version.replace(/^v/, '')));
  return left !== null && left !== undefined && right !== null && right !== undefined && compare(left, right) > 0;
}
