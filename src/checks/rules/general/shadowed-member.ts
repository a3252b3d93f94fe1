import { sameUrl } from '../../../common/urls';
import type { BuiltInRule } from '../../built-in';

/**
 * Two members of a virtual repository proxy the same upstream, so the later one is never needed, and its settings have no effect.
 *
 * @bad
 * const old = new RemoteHelm(this, 'old', { name: 'old', baseUrl: 'https://charts.example.com', blocklist: ['^acme-'] });
 * const stable = new RemoteHelm(this, 'stable', { name: 'stable', baseUrl: 'https://charts.example.com/', blocklist: ['^acme-'] });
 * new Virtual(this, 'charts', { name: 'charts', packageType: 'helm', members: [old.name, stable.name] });
 * @good
 * const stable = new RemoteHelm(this, 'stable', { name: 'stable', baseUrl: 'https://charts.example.com', blocklist: ['^acme-'] });
 * new Virtual(this, 'charts', { name: 'charts', packageType: 'helm', members: [stable.name] });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'Keep one of them, with the settings that you mean.',
  types: /^(?:artifactapi_virtual|bkrepo_virtual_repository)$/,
  checkResource(resource, { report }) {
    const upstreams = resource.links('members').flatMap(({ to }) => {
      const url = to && (to.text('base_url') ?? to.text('upstream_url'));
      return url === undefined ? [] : [{ url, label: to?.label }];
    });
    upstreams.forEach(({ url, label }, index) => {
      const first = upstreams.slice(0, index).find((one) => sameUrl(one.url, url));
      if (first) report(`the members ${first.label} and ${label} of ${resource.label} proxy the same upstream, ${url}`, 'members');
    });
  },
};
