import { randomUUID } from 'node:crypto';
import { OBJECTS } from '../../../../src/registry/backends/kubesphere/object-store';
import { WORKSPACE_LABEL } from '../../../../src/registry/backends/kubesphere/objects';
import { FINALIZER } from '../../../../src/registry/backends/kubesphere/v3/controller';
import { type HelmApp } from '../../../../src/registry/backends/kubesphere/v3/model';
import { APP_LABEL, REPO_LABEL } from '../../../../src/registry/backends/kubesphere/v4/applications';
import { type Store } from '../../../../src/registry/store/store';
import { type List } from './pages';

/** An application for so many objects, and a version of one of them; each process has all of them in memory. */
const OBJECTS_EACH = 100;
const AT_ONCE = 1000;
const PER_PAGE = 100;
const REPO = 'bench';
const DAY = Date.UTC(2026, 0, 1);

/** The versions of KubeSphere that are measured, which have different APIs. */
export const KUBESPHERES = ['4.1', '3.4'] as const;
/** Who may see everything there. */
export const KUBESPHERE_LOGIN = 'admin:P@88w0rd';

/** Adds an app repository of either API, as their controllers leave one after a synchronization. */
export async function fillCluster(store: Store, objects: number): Promise<void> {
  const count = Math.ceil(objects / OBJECTS_EACH);
  const documents = [...newDocuments(count), oldDocument(count)];
  const rows = documents.map(({ kind, ...object }, index) => {
    const metadata = { ...object.metadata, resourceVersion: String(index + 1), generation: 1 };
    const oid = index.toString(16).padStart(24, '0');
    return { kind, id: metadata.name, scope: '', oid, document: JSON.stringify({ ...object, metadata }) };
  });
  for (let from = 0; from < rows.length; from += AT_ONCE)
    await store.metadata.transaction((inside) =>
      inside
        .tables<Record<typeof OBJECTS, (typeof rows)[number]>>()
        .insertInto(OBJECTS)
        .values(rows.slice(from, from + AT_ONCE))
        .execute(),
    );
}

/** The lists of such a server. */
export function clusterLists(url: string, version: (typeof KUBESPHERES)[number], objects: number): List[] {
  const pages = Math.ceil(objects / OBJECTS_EACH / PER_PAGE);
  const get = (what: string, address: string, number: (page: number) => string): List => ({
    what: `KubeSphere ${version}: ${what}`,
    page: (part) => ({ url: `${url}/kapis/${address}${number(Math.max(1, Math.round(pages * part)))}` }),
  });
  if (version === '4.1') {
    const number = (page: number) => `?limit=${PER_PAGE}&page=${page}`;
    const apps = 'application.kubesphere.io/v2/apps';
    return [get('applications', apps, number), get('versions of an application', `${apps}/${appName(0)}/versions`, number)];
  }
  const number = (page: number) => `paging=limit%3D${PER_PAGE},page%3D${page}`;
  const apps = 'openpitrix.io/v1/apps';
  return [
    get('applications', `${apps}?conditions=repo_id%3D${REPO}&`, number),
    get('versions of an application', `${apps}/app-0/versions?`, number),
  ];
}

const appName = (index: number): string => `${REPO}-chart-${index}`;
const timeOf = (index: number): string => `${new Date(DAY + ((index * 7919) % 1_000_003) * 1000).toISOString().slice(0, 19)}Z`;
const labels = { [REPO_LABEL]: REPO, [WORKSPACE_LABEL]: 'system-workspace' };
/** A repository that is not synchronized by itself. */
const spec = { url: 'http://127.0.0.1:1', credential: {} };

function newDocuments(count: number) {
  const uid = randomUUID();
  const head = (name: string, index: number) => ({ name, uid: randomUUID(), labels, creationTimestamp: timeOf(index) });
  const owned = { ownerReferences: [{ apiVersion: 'application.kubesphere.io/v2', kind: 'Repo', name: REPO, uid }] };
  const ofIndex = Array.from({ length: count }, (_, index) => index);
  const status = { state: 'active', updateTime: timeOf(0), updated: timeOf(0) };
  return [
    { kind: 'Repo', metadata: { ...head(REPO, 0), uid }, spec: { ...spec, syncPeriod: 0 }, status: { state: 'successful' } },
    ...ofIndex.map((index) => ({
      kind: 'Application',
      metadata: { ...head(appName(index), index), ...owned },
      spec: { appType: 'helm', abstraction: 'Of the bench' },
      status,
    })),
    ...ofIndex.map((index) => ({
      kind: 'ApplicationVersion',
      metadata: { ...head(`${appName(0)}-1.${index}.0`, index), labels: { ...labels, [APP_LABEL]: appName(0) } },
      spec: { versionName: `1.${index}.0`, created: timeOf(index), appType: 'helm', pullUrl: `${spec.url}/chart-0-1.${index}.0.tgz` },
      status,
    })),
  ];
}

function oldDocument(count: number) {
  const version = (app: number, index: number) => ({
    id: `appv-${app}-${index}`,
    name: `chart-${app}`,
    version: `1.${index}.0`,
    ...{ appVersion: '1.0.0', description: 'Of the bench', home: '', icon: '', digest: '' },
    ...{ created: timeOf(index), urls: [`${spec.url}/chart-${app}-1.${index}.0.tgz`], maintainers: [] },
  });
  const apps: HelmApp[] = Array.from({ length: count }, (_, app) => ({
    id: `app-${app}`,
    name: `chart-${app}`,
    ...{ description: 'Of the bench', icon: '', created: timeOf(app) },
    versions: Array.from({ length: app === 0 ? count : 1 }, (_each, index) => version(app, index)),
  }));
  const synced = { state: 'successful', syncTime: timeOf(0), at: DAY };
  return {
    kind: 'HelmRepo',
    metadata: { name: REPO, uid: randomUUID(), labels, creationTimestamp: timeOf(0), finalizers: [FINALIZER] },
    spec: { ...spec, name: REPO, version: 0 },
    status: { state: 'successful', version: 0, lastUpdateTime: timeOf(0), syncState: [synced], apps },
  };
}
