import { coerce, lt } from 'semver';
import { type CoreBinary, labelOf } from './core-binary';

/** What not every core can do, and the version of each product that can first; `undefined` if none can. */
const since: Readonly<Record<Feature, Readonly<Record<CoreBinary['product'], string | undefined>>>> = {
  'import blocks': { Terraform: '1.5', OpenTofu: '1.6' },
  'provider functions': { Terraform: '1.8', OpenTofu: '1.7' },
  'moves across resource types': { Terraform: '1.8', OpenTofu: '1.10' },
  'ephemeral values': { Terraform: '1.10', OpenTofu: '1.11' },
  'write-only attributes': { Terraform: '1.11', OpenTofu: '1.11' },
  'import by identity': { Terraform: '1.12', OpenTofu: '1.12' },
  'list resources': { Terraform: '1.14', OpenTofu: undefined },
  actions: { Terraform: '1.14', OpenTofu: undefined },
};

/** Something that not every core can do. */
export type Feature =
  | 'import blocks'
  | 'provider functions'
  | 'moves across resource types'
  | 'ephemeral values'
  | 'write-only attributes'
  | 'import by identity'
  | 'list resources'
  | 'actions';

/** Why a core cannot run what needs some features, or nothing when it can. */
export function lack(core: CoreBinary, needs: readonly Feature[]): string | undefined {
  const missing = needs.flatMap((feature) => {
    const version = since[feature][core.product];
    if (version === undefined) return [`${feature} (no ${core.product} has)`];
    return lt(coerce(core.version) ?? '0.0.0', `${version}.0`) ? [`${feature} (since ${core.product} ${version})`] : [];
  });
  return missing.length === 0 ? undefined : `${labelOf(core)} has no ${missing.join(', no ')}`;
}
