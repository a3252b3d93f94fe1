import { isUrl } from '../../common/urls';

/** Addresses and names that no public host has: loopback, private networks (RFC 1918, RFC 4193), link-local, and names for inner use (RFC 6762, RFC 8375, ICANN's `.internal`). */
const inner =
  /^(?:localhost|[^.:[\]]+|.*\.(?:localhost|local|internal|intranet|lan|corp|home\.arpa|svc|cluster\.local)|127\.\d+\.\d+\.\d+|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|169\.254\.\d+\.\d+|\[::1\]|\[f[cd][0-9a-f:]*\]|\[fe80:[0-9a-f:]*\])$/i;

const loopback = /^(?:localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i;

const hostOf = (url: string): string | undefined => (isUrl(url) ? new URL(url).hostname : undefined);

/** Whether anyone on the internet could be behind a URL, as far as its host tells. */
export function isPublic(url: string): boolean {
  const host = hostOf(url);
  return host !== undefined && !inner.test(host);
}

/** Whether a URL leads over a network without TLS. */
export function isPlainHttp(url: string): boolean {
  const host = hostOf(url);
  return host !== undefined && /^http:/i.test(url) && !loopback.test(host);
}
