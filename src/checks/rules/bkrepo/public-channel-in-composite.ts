import { isPublic } from '../../facts/hosts';
import type { BuiltInRule } from '../../built-in';

/**
 * A composite repository fetches from a public upstream every name that it does not hold itself, internal ones that are not published yet included (dependency confusion).
 *
 * @bad
 * new CompositeRepository(this, 'npm', { project: 'payments', name: 'npm', type: 'NPM', channels: [{ name: 'public', url: 'https://npm.example.com' }] });
 * @good
 * new LocalRepository(this, 'npm', { project: 'payments', name: 'npm', type: 'NPM' });
 * new RemoteRepository(this, 'public', { project: 'payments', name: 'npm-public', type: 'NPM', upstreamUrl: 'https://npm.example.com' });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'Keep internal packages in a local repository, and have clients fetch them from there by scope or index.',
  types: 'bkrepo_composite_repository',
  checkResource(resource, { report }) {
    const named = !['GENERIC', 'LFS'].includes(resource.text('type') ?? '');
    const [url] = resource.records('channels').flatMap((channel) => {
      const one = channel.text('url');
      return one !== undefined && isPublic(one) ? [one] : [];
    });
    if (named && url !== undefined) report(`${url} may answer for internal names that ${resource.label} does not hold`, 'channels');
  },
};
