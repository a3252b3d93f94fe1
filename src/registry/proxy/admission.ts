import { isUrl } from '../../common/urls';
import { DeniedError } from '../errors';
import { type Format, type Mutability, type Told } from '../formats/format';
import { formatOf } from '../formats';
import { type ArtifactKey, EXPIRED } from '../store/artifacts';
import { type Remote } from '../store/repositories';
import { decide, deniedAddress, deniedSpelling } from './access';
import { upstreamPath } from './canonical';
import { type UpstreamRequest } from './upstream';
import { UpstreamError } from './upstream-error';

/** A client's request for an object of a remote. */
export interface RemoteRequest {
  readonly remote: Remote;
  /** The canonical path. */
  readonly path: string;
  /** The query with its question mark, or nothing. */
  readonly query: string;
  readonly accept: string;
  /** Whether a cached copy is preferred even to a refusal: a virtual must not continue as if its member had nothing. */
  readonly insists?: boolean;
}

/** By how much the clocks of two processes may differ. */
const SKEW_MS = 10_000;

/** A request that its remote permits. */
export interface Admitted {
  readonly wanted: RemoteRequest;
  readonly key: ArtifactKey;
  readonly mutability: Mutability;
  readonly format: Format;
}

/** Checks a request against the lists of its remote and the rules of its type; throws a `DeniedError` with the reason. */
export function admit(wanted: RemoteRequest): Admitted {
  const { remote, path, query, accept } = wanted;
  const format: Format = formatOf(remote.package_type);
  const decision = decide(remote, format, path);
  if ('denied' in decision) throw new DeniedError(decision.denied);
  const denied = deniedSpelling(remote, format, wanted);
  if (denied !== undefined) throw new DeniedError(denied);
  const key = { remote: remote.name, path: path + query, variant: format.variant?.(path, accept) ?? '' };
  return { wanted, key, mutability: decision.mutability, format };
}

/** Identifies a fetch that other requests can join; a changed remote starts a new one. */
export function flightOf({ key, wanted }: Admitted): string {
  return [key.remote, wanted.remote.updated_at, key.variant, key.path].join('\n');
}

/** The upstream URL of a request. */
export function urlOf({ remote, path, query }: Pick<RemoteRequest, 'remote' | 'path' | 'query'>): string {
  return `${remote.base_url.replace(/\/+$/, '')}/${upstreamPath(path, formatOf(remote.package_type))}${query}`;
}

/** What the upstream is asked: the object's own address, or the one that another document tells. */
export function asked({ wanted, format }: Admitted, told: Told | undefined): Omit<UpstreamRequest, 'method'> {
  const { remote, accept } = wanted;
  const admit = (url: URL) => {
    const denied = deniedAddress(remote, format, url);
    if (denied !== undefined) throw new DeniedError(denied);
  };
  const url = told?.url ?? urlOf(wanted);
  if (!/^https?:/i.test(url) || !isUrl(url)) throw new UpstreamError(remote, 'has an address that is not an http or https URL');
  if (told?.url !== undefined) admit(new URL(url));
  return { remote, accept, url, admit };
}

/** Whether a copy is within the TTL that its object has, and not expired; one from a time to come is not, as clocks have been set since. */
export function isFresh(validatedAt: string, { wanted: { remote }, mutability }: Admitted, now: number): boolean {
  const ttl = mutability === 'immutable' ? remote.immutable_ttl : remote.mutable_ttl;
  const validated = Date.parse(validatedAt);
  if (validated === EXPIRED) return false;
  if (mutability === 'immutable' && ttl === 0) return true;
  const age = now - validated;
  return age > -SKEW_MS && age < ttl * 1000;
}
