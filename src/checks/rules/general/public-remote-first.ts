import { isPublic } from '../../facts/hosts';
import type { BuiltInRule } from '../../built-in';

/**
 * A virtual repository asks a public upstream before an internal repository, so anyone who publishes an internal name there is served to your builds (dependency confusion).
 *
 * @bad
 * const upstream = new RemotePypi(this, 'upstream', { name: 'upstream', baseUrl: 'https://pypi.example.com' });
 * const internal = new LocalPypi(this, 'internal', { name: 'internal' });
 * new Virtual(this, 'python', { name: 'python', packageType: 'pypi', members: [upstream.name, internal.name] });
 * @good
 * const upstream = new RemotePypi(this, 'upstream', { name: 'upstream', baseUrl: 'https://pypi.example.com', blocklist: ['^simple/acme-'] });
 * const internal = new LocalPypi(this, 'internal', { name: 'internal' });
 * new Virtual(this, 'python', { name: 'python', packageType: 'pypi', members: [internal.name, upstream.name] });
 */
export const rule: BuiltInRule = {
  severity: 'error',
  fix: 'List internal repositories first, and reserve their names on the upstream; the fronts, such as NpmFront, do both.',
  types: /^(?:artifactapi_virtual|bkrepo_virtual_repository)$/,
  checkResource(resource, { report }) {
    const members = resource.links('members').flatMap(({ to }) => to ?? []);
    const lastLocal = members.findLastIndex(({ repository }) => repository?.kind === 'local');
    for (const member of members.slice(0, Math.max(lastLocal, 0))) {
      const url = member.repository?.kind === 'remote' ? (member.text('base_url') ?? member.text('upstream_url')) : undefined;
      if (url !== undefined && isPublic(url))
        report(`${resource.label} asks ${member.label} (${url}) before the internal repository ${members[lastLocal]?.label}`, 'members');
    }
  },
};
