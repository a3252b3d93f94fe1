import type { BuiltInRule } from '../../built-in';

/**
 * A remote fetches with credentials, but ArtifactAPI asks its clients for none, so everyone who reaches the server reads what those credentials open.
 *
 * @bad
 * const key = secretVariable(this, 'key');
 * new RemoteNpm(this, 'partner', { name: 'partner', baseUrl: 'https://npm.example.com', username: 'acme', passwordWo: key.stringValue });
 * @good
 * const key = secretVariable(this, 'key');
 * new RemoteNpm(this, 'partner', { name: 'partner', baseUrl: 'https://npm.example.com', username: 'acme', passwordWo: key.stringValue, patterns: ['^@acme/public-'] });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'Limit patterns to what every client may read, or put a gateway with a login in front of the server and suppress this rule with that as the reason.',
  types: /^artifactapi_remote_/,
  checkResource(resource, { report }) {
    if ((resource.text('username') ?? '') !== '' && resource.count('patterns') === 0)
      report(
        `everyone who reaches the server can fetch from ${resource.label} with the credentials of "${resource.text('username')}"`,
        'username',
      );
  },
};
