import { periodSeconds } from '../../../common/kubesphere/sync-period';
import type { BuiltInRule } from '../../built-in';

/**
 * Nothing makes the server read the index of an app repository again, so new charts never appear.
 *
 * @bad
 * new AppRepository(this, 'stable', { name: 'stable', workspace: 'demo', url: 'https://charts.example.com/stable', syncOnChange: false });
 * @good
 * new AppRepository(this, 'stable', { name: 'stable', workspace: 'demo', url: 'https://charts.example.com/stable', syncPeriod: '1h' });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'Set sync_period to at least 180 seconds, or change sync_trigger with every release of a chart.',
  types: 'kubesphere_app_repository',
  checkResource(resource, { report }) {
    const never = periodSeconds(resource.text('sync_period') ?? '0') === 0;
    if (never && resource.flag('sync_on_change') === false && !resource.isSet('sync_trigger'))
      report(`${resource.label} is never synced`, 'sync_period');
  },
};
