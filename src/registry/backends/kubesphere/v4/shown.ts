import { type Generation } from '../generation';
import { type KubeObject, type Metadata, timestamp } from '../objects';
import { API_VERSION, type Application, type ApplicationVersion, type Repo, type RepoEvent } from './model';

/** A repository as clients see it. */
export function showRepo({ needsSyncPeriod }: Generation, { metadata, spec, status }: Repo) {
  const { url, credential, description, syncPeriod } = spec;
  // Where the period is optional, 0 is the same as none.
  const shown = needsSyncPeriod ? syncPeriod !== undefined : (syncPeriod ?? 0) !== 0;
  const fields = { url, credential, ...(description && { description }), ...(shown && { syncPeriod }) };
  return { ...head('Repo'), metadata: showMetadata(metadata), spec: fields, status };
}

/** An application as clients see it. */
export function showApp({ metadata, spec, status }: Application) {
  return { ...head('Application'), metadata: showMetadata(metadata), spec, status };
}

/** A version of an application as clients see it. */
export function showVersion({ metadata, spec, status }: ApplicationVersion) {
  return { ...head('ApplicationVersion'), metadata: showMetadata(metadata), spec, status };
}

/** An event as clients see it. */
export function showEvent({ metadata, spec, status }: RepoEvent) {
  const { name, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    kind: 'Event',
    apiVersion: 'v1',
    metadata: { name, namespace: 'default', uid, resourceVersion, creationTimestamp },
    involvedObject: { kind: 'Repo', name: spec.repo, uid: spec.uid, apiVersion: API_VERSION, resourceVersion: spec.repoVersion },
    reason: 'Synced',
    message: `HelmRepo ${spec.repo} synced successfully`,
    source: { component: 'helmrepo-controller' },
    firstTimestamp: status.first,
    lastTimestamp: status.last,
    count: status.count,
    type: 'Normal',
    eventTime: null,
    reportingComponent: 'helmrepo-controller',
    reportingInstance: '',
  };
}

/** The metadata of an object, in the order in which Go writes them. */
export function showMetadata(metadata: Metadata) {
  const { name, uid, resourceVersion, generation, creationTimestamp, deletionTimestamp, labels, annotations } = metadata;
  const { ownerReferences, finalizers } = metadata;
  return {
    name,
    uid,
    resourceVersion,
    generation,
    creationTimestamp,
    ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    ...(labels && { labels: sorted(labels) }),
    ...(annotations && { annotations: sorted(annotations) }),
    ...(ownerReferences && { ownerReferences }),
    ...(finalizers && { finalizers }),
  };
}

/** Who has written which fields; most readers have it taken out. */
export function managedFields({ metadata }: KubeObject, apiVersion: string) {
  const time = metadata.creationTimestamp || timestamp();
  return [{ manager: 'ks-apiserver', operation: 'Update', apiVersion, time, fieldsType: 'FieldsV1', fieldsV1: {} }];
}

function head(kind: string) {
  return { kind, apiVersion: API_VERSION };
}

function sorted(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).sort(([one], [other]) => (one < other ? -1 : 1)));
}
