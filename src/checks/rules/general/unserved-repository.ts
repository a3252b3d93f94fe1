import type { BuiltInRule } from '../../built-in';
import type { CheckedRepository } from '../../define/model';

/**
 * Servers are not known to serve such a repository to clients of its package type. With an endpoint, what the server says of itself counts.
 *
 * @bad
 * new LocalNpm(this, 'internal', { name: 'internal' });
 * @good
 * new LocalPypi(this, 'internal', { name: 'internal' });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'Try it on your server, or point clients at a repository that it serves.',
  checkResource(resource, { report }) {
    const missing = resource.repository && unserved(resource.repository);
    if (missing !== undefined) report(`${resource.label} is a ${missing}, which servers are not known to serve to package clients`);
  },
  async checkOnServer(resource, { report, server }) {
    const { repository } = resource;
    const missing = repository && unserved(repository);
    if (missing === undefined || (await server.serves()).includes(`${repository?.kind}/${repository?.packageType}`)) return;
    report(`${resource.label} is a ${missing}, which the server does not declare to serve to package clients`);
  },
};

const unserved = ({ kind, packageType, served }: CheckedRepository): string | undefined =>
  packageType === undefined || served === undefined || served.includes(packageType)
    ? undefined
    : `${kind} repository of type ${packageType}`;
