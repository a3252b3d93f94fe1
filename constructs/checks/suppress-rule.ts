import type { IConstruct } from 'constructs';
import { keepSuppression } from '../base/suppress';
import type { RuleCode } from '../../src/checks/gen/codes';

/**
 * Suppresses a rule for a construct and everything in it, in `repoform check` and in `RegistryChecks`. The synthesized stack contains the
 * suppression, so it holds wherever the stack is checked. A rule that does not exist, or an empty reason, is an error.
 *
 * @param code name of the rule, e.g. `open-proxy`
 * @param reason why the finding is acceptable, for those who review it
 *
 * @example
 * const mirror = new RemoteGeneric(this, 'mirror', { name: 'mirror', baseUrl: 'https://files.example.com' });
 * suppressRule(mirror, 'open-proxy', 'files.example.com is our own server');
 */
export function suppressRule(construct: IConstruct, code: RuleCode | (string & {}), reason: string): void {
  keepSuppression(construct, { code, reason });
}
