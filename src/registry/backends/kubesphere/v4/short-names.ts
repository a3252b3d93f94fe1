import { createHash } from 'node:crypto';

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Whether a text may be the name of an object. */
export function isObjectName(text: string): boolean {
  return text.length <= 253 && SUBDOMAIN.test(text);
}

/** What stands for a chart's name in the names of objects: itself if it is short and plain, else part of its hash. */
export function shortName(chart: string): string {
  const lower = chart.toLowerCase();
  return Buffer.byteLength(lower) <= 14 && isObjectName(lower) ? lower : createHash('md5').update(lower).digest('hex').slice(0, 10);
}

/** A version with dashes in place of what names do not take. */
export function dashed(version: string): string {
  return isObjectName(version) ? version : version.replace(/[^a-z0-9.-]/g, '-');
}

/** What stands for a version in the names of objects: itself, or its hash. */
export function versionName(version: string): string {
  return isObjectName(version) ? version : createHash('sha1').update(version).digest('hex').slice(0, 12);
}
