import { isPlainHttp } from '../../facts/hosts';
import type { BuiltInRule } from '../../built-in';

/**
 * An app repository is read over plain HTTP, so anyone on the network path can replace charts, which are then installed in the cluster.
 *
 * @bad
 * new AppRepository(this, 'stable', { name: 'stable', workspace: 'demo', url: 'http://charts.example.com/stable' });
 * @good
 * new AppRepository(this, 'stable', { name: 'stable', workspace: 'demo', url: 'https://charts.example.com/stable' });
 */
export const rule: BuiltInRule = {
  severity: 'error',
  fix: 'Use the https URL of the repository.',
  types: 'kubesphere_app_repository',
  checkResource(resource, { report }) {
    const url = resource.text('url');
    if (url !== undefined && isPlainHttp(url)) report(`${resource.label} is read from ${url}, which has no TLS`, 'url');
  },
};
