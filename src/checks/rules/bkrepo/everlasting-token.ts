import type { BuiltInRule } from '../../built-in';

/**
 * A user token never expires.
 *
 * @bad
 * new UserToken(this, 'ci', { user: 'ci', name: 'pipeline' });
 * @good
 * new UserToken(this, 'ci', { user: 'ci', name: 'pipeline', expiresAt: '2030-01-31T12:00:00Z' });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'Set expires_at, or use the ephemeral resource of the same name, whose token lives for one run.',
  types: 'bkrepo_user_token',
  checkResource(resource, { report }) {
    if (!resource.isSet('expires_at')) report(`the token ${resource.label} never expires`, 'expires_at');
  },
};
