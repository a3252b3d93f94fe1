import type { BuiltInRule } from '../../built-in';

/**
 * A remote keeps indexes for more than a week, so security releases reach clients late, and withdrawn versions stay.
 *
 * @bad
 * new RemotePypi(this, 'pypi', { name: 'pypi', baseUrl: 'https://pypi.example.com', blocklist: ['^simple/acme-'], mutableTtl: 2_592_000 });
 * @good
 * new RemotePypi(this, 'pypi', { name: 'pypi', baseUrl: 'https://pypi.example.com', blocklist: ['^simple/acme-'], mutableTtl: 3600 });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'Lower mutable_ttl; an hour is usual.',
  types: /^artifactapi_remote_/,
  checkResource(resource, { report }) {
    const seconds = resource.number('mutable_ttl') ?? 0;
    if (seconds > week) report(`${resource.label} keeps indexes for ${Math.floor(seconds / day)} days`, 'mutable_ttl');
  },
};

const day = 86_400;
const week = 7 * day;
