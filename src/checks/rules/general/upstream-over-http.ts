import { isPlainHttp } from '../../facts/hosts';
import type { BuiltInRule } from '../../built-in';

/**
 * An upstream is fetched over plain HTTP, so anyone on the network path can replace packages, which are then cached.
 *
 * @bad
 * new RemoteAlpine(this, 'alpine', { name: 'alpine', baseUrl: 'http://alpine.example.com/v3.22/main', patterns: ['^x86_64/'] });
 * @good
 * new RemoteAlpine(this, 'alpine', { name: 'alpine', baseUrl: 'https://alpine.example.com/v3.22/main', patterns: ['^x86_64/'] });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'Use the https URL of the upstream.',
  types: /^(?:artifactapi_remote_|bkrepo_(?:remote|proxy|composite)_repository$)/,
  checkResource(resource, { report }) {
    for (const attribute of ['base_url', 'upstream_url']) {
      const url = resource.text(attribute);
      if (url !== undefined && isPlainHttp(url)) report(`${resource.label} fetches from ${url}, which has no TLS`, attribute);
    }
    for (const channel of resource.records('channels')) {
      const url = channel.text('url');
      if (url !== undefined && isPlainHttp(url)) report(`${resource.label} fetches from ${url}, which has no TLS`, 'channels');
    }
  },
};
