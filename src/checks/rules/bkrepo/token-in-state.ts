import type { BuiltInRule } from '../../built-in';

/**
 * A user token is stored in the state, where everyone with access to the state can read it.
 *
 * @bad
 * new UserToken(this, 'ci', { user: 'ci', name: 'pipeline', expiresAt: '2030-01-31T12:00:00Z', storeSecretInState: true });
 * @good
 * new EphemeralBkrepoUserToken(this, 'ci', { user: 'ci', name: 'pipeline' });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'Remove store_secret_in_state, and use the ephemeral resource of the same name.',
  types: 'bkrepo_user_token',
  checkResource(resource, { report }) {
    if (resource.flag('store_secret_in_state')) report(`the token ${resource.label} is stored in the state`, 'store_secret_in_state');
  },
};
