import { isPlainHttp } from '../../facts/hosts';
import type { BuiltInRule } from '../../built-in';
import type { CheckedValues } from '../../define/model';

/**
 * Credentials are sent over plain HTTP, where anyone on the network path can read them.
 *
 * @bad
 * new RemoteNpm(this, 'npm', { name: 'npm', baseUrl: 'http://npm.example.com', patterns: ['^@partner/'], username: 'ci', passwordWo: secretVariable(this, 'key').stringValue });
 * @good
 * new RemoteNpm(this, 'npm', { name: 'npm', baseUrl: 'https://npm.example.com', patterns: ['^@partner/'], username: 'ci', passwordWo: secretVariable(this, 'key').stringValue });
 */
export const rule: BuiltInRule = {
  severity: 'error',
  fix: 'Use https, and trust the CA of the server if it is your own.',
  checkResource(resource, { report }) {
    for (const attribute of urlsOf(resource)) {
      const url = resource.text(attribute);
      if (
        url !== undefined &&
        isPlainHttp(url) &&
        (resource.isSet('username') || resource.isSet('access_key_id')) &&
        resource.text('username') !== ''
      )
        report(`${resource.label} sends credentials to ${url}, which has no TLS`, attribute);
    }
    for (const channel of resource.type === 'bkrepo_composite_repository' ? resource.records('channels') : []) {
      const url = channel.text('url');
      if (url !== undefined && isPlainHttp(url) && (channel.isSet('username') || channel.isSet('credential_key')))
        report(`${resource.label} sends credentials to ${url}, which has no TLS`, 'channels');
    }
  },
  checkProvider(provider, { report }) {
    const url = provider.isSet('endpoint') ? provider.text('endpoint') : undefined;
    const secret = provider.secrets.find(({ path }) => path !== 'client_key');
    if (url !== undefined && isPlainHttp(url) && secret)
      report(`the provider sends "${secret.path}" to ${url}, which has no TLS`, 'endpoint');
  },
};

/** The attributes with the address of an upstream. */
const urlsOf = (resource: CheckedValues): readonly string[] =>
  ['base_url', 'upstream_url', 'url'].filter((name) => resource.attributes.includes(name));
