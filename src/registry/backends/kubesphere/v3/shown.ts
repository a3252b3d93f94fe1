import { escapeJson } from '../answers';
import { CREATOR_ANNOTATION, type Metadata } from '../objects';
import { managedFields, showMetadata } from '../v4/shown';
import { type HelmApp, type HelmRepo, type SyncState } from './model';

/** The annotation with the period as it was given. */
export const PERIOD_ANNOTATION = 'app.kubesphere.io/sync-period';
const API_VERSION = 'application.kubesphere.io/v1alpha1';
/** What a time is that was never set. */
const DAWN = '0001-01-01T00:00:00.000Z';

/** A repository as the API of OpenPitrix shows it, the credential in clear text. */
export function showHelmRepo({ metadata, spec, status }: HelmRepo) {
  const period = metadata.annotations?.[PERIOD_ANNOTATION];
  return {
    category_set: null,
    create_time: dateTime(metadata.creationTimestamp),
    credential: escapeJson(JSON.stringify(spec.credential)),
    ...(spec.description && { description: spec.description }),
    labels: null,
    ...(spec.name !== '' && { name: spec.name }),
    creator: metadata.annotations?.[CREATOR_ANNOTATION] ?? '',
    providers: null,
    repo_id: metadata.name,
    selectors: null,
    status: status.state ?? 'syncing',
    status_time: DAWN,
    url: spec.url,
    ...(period && { sync_period: period }),
  };
}

/** One synchronization as an event. */
export function showSync(repo: string, { state, message, syncTime }: SyncState) {
  const time = dateTime(syncTime);
  return { create_time: time, repo_id: repo, ...(message && { result: message }), status: state, status_time: time };
}

/** A repository as the object that it is, without its index. */
export function showObject({ metadata, spec, status }: HelmRepo, withCredential: boolean) {
  const { state, version, lastUpdateTime, syncState } = status;
  const { name, url, credential, description, syncPeriod, version: changes } = spec;
  const object = { metadata, spec, status };
  return {
    metadata: { ...showMetadata(metadata), managedFields: managedFields(object, API_VERSION) },
    spec: {
      name,
      url,
      credential: withCredential ? credential : {},
      ...(description && { description }),
      ...(syncPeriod && { syncPeriod }),
      ...(changes && { version: changes }),
    },
    status: {
      ...(lastUpdateTime && { lastUpdateTime }),
      ...(state && { state }),
      ...(version && { version }),
      ...(syncState && { syncState: syncState.map(({ at: _at, ...shown }) => shown) }),
    },
  };
}

/** A chart as an application. */
export function showApp(app: HelmApp, { metadata }: HelmRepo) {
  const owner = metadata.annotations?.[CREATOR_ANNOTATION] ?? '';
  const time = dateTime(app.created);
  const [latest] = app.versions;
  return {
    app_id: app.id,
    app_version_types: 'helm',
    category_set: [],
    create_time: time,
    ...(app.description && { description: app.description }),
    ...(app.icon && { icon: app.icon }),
    latest_app_version: latest ? showVersion(latest, { app, metadata }) : {},
    name: app.name,
    ...(owner && { owner }),
    status: 'active',
    status_time: time,
    update_time: time,
    cluster_total: 0,
  };
}

/** A version of a chart as a version of an application. */
export function showVersion(
  version: HelmApp['versions'][number],
  { app, metadata }: { readonly app: HelmApp; readonly metadata: Metadata },
) {
  const owner = metadata.annotations?.[CREATOR_ANNOTATION] ?? '';
  const time = dateTime(version.created);
  const { description, home, icon, appVersion, maintainers } = version;
  return {
    active: true,
    app_id: app.id,
    create_time: time,
    ...(description && { description }),
    ...(home && { home }),
    ...(icon && { icon }),
    ...(maintainers.length > 0 && { maintainers: escapeJson(JSON.stringify(maintainers.map(withoutEmpty))) }),
    name: appVersion ? `${version.version} [${appVersion}]` : version.version,
    ...(owner && { owner }),
    package_name: `${version.name}-${version.version}.tgz`,
    status: 'active',
    status_time: time,
    update_time: time,
    version_id: version.id,
  };
}

function withoutEmpty(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

/** A time as the API writes it. */
function dateTime(text: string): string {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? DAWN : time.toISOString();
}
