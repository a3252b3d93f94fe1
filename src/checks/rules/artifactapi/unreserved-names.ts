import { isPublic } from '../../facts/hosts';
import type { BuiltInRule } from '../../built-in';

/**
 * A virtual combines an internal repository with a public upstream that may answer for internal names, because its remote has neither a blocklist nor patterns (dependency confusion).
 *
 * @bad
 * const internal = new LocalPypi(this, 'internal', { name: 'internal' });
 * const upstream = new RemotePypi(this, 'upstream', { name: 'upstream', baseUrl: 'https://pypi.example.com' });
 * new Virtual(this, 'python', { name: 'python', packageType: 'pypi', members: [internal.name, upstream.name] });
 * @good
 * new PypiFront(this, 'python', { name: 'python', upstream: 'https://pypi.example.com', privateNames: ['acme-'] });
 */
export const rule: BuiltInRule = {
  severity: 'error',
  fix: 'Reserve internal names: use a front with privateNames, or block them in the blocklist of the remote.',
  types: 'artifactapi_virtual',
  checkResource(resource, { report }) {
    const members = resource.links('members').flatMap(({ to }) => to ?? []);
    const internal = members.find(({ repository }) => repository?.kind === 'local');
    if (!internal) return;
    for (const member of members) {
      const url = member.repository?.kind === 'remote' ? member.text('base_url') : undefined;
      if (url !== undefined && isPublic(url) && member.count('blocklist') === 0 && member.count('patterns') === 0)
        report(`${member.label} (${url}), a member of ${resource.label}, may answer for names of ${internal.label}`, 'members');
    }
  },
};
