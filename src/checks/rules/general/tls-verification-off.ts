import type { BuiltInRule } from '../../built-in';

/**
 * The provider accepts any server certificate, so anyone on the network path can read and change all traffic, credentials included.
 *
 * @bad
 * new ArtifactapiProvider(this, 'provider', { endpoint: 'https://artifacts.example.com', insecureSkipVerify: true });
 * @good
 * new ArtifactapiProvider(this, 'provider', { endpoint: 'https://artifacts.example.com', caCert: '/etc/ssl/company-ca.pem' });
 */
export const rule: BuiltInRule = {
  severity: 'error',
  fix: 'Remove insecure_skip_verify, and name your own CA in ca_cert.',
  checkProvider(provider, { report }) {
    if (provider.flag('insecure_skip_verify')) report('the provider accepts any server certificate', 'insecure_skip_verify');
  },
};
