import type { BuiltInRule } from '../../built-in';

/**
 * A public repository has credentials for its upstream, which the server returns in plain text to everyone, also without a login.
 *
 * @bad
 * const key = secretVariable(this, 'key');
 * new RemoteRepository(this, 'npm', { project: 'payments', name: 'npm', type: 'NPM', public: true, upstreamUrl: 'https://npm.example.com', username: 'reader', passwordWo: key.stringValue });
 * @good
 * const key = secretVariable(this, 'key');
 * new RemoteRepository(this, 'npm', { project: 'payments', name: 'npm', type: 'NPM', upstreamUrl: 'https://npm.example.com', username: 'reader', passwordWo: key.stringValue });
 */
export const rule: BuiltInRule = {
  severity: 'error',
  fix: 'Remove public, and replace the credentials at the upstream; or use credential_key, which names credentials without containing them.',
  types: /^bkrepo_(?:remote|composite|proxy)_repository$/,
  checkResource(resource, { report }) {
    if (!resource.flag('public')) return;
    const [secret] = resource.secrets;
    if (secret)
      report(`the server shows "${secret.path.replace(/_wo$/, '')}" of ${resource.label}, which is public, to everyone`, 'public');
  },
};
