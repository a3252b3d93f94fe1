import { coerce, lt } from 'semver';
import { type CoreBinary, labelOf } from './core-binary';

/** What not every core can do, and the version of each product that can first. */
const since = {
  'import blocks': { Terraform: '1.5', OpenTofu: '1.6' },
  'provider functions': { Terraform: '1.8', OpenTofu: '1.7' },
  'moves across resource types': { Terraform: '1.8', OpenTofu: '1.10' },
  'ephemeral values': { Terraform: '1.10', OpenTofu: '1.11' },
  'write-only attributes': { Terraform: '1.11', OpenTofu: '1.11' },
  'import by identity': { Terraform: '1.12', OpenTofu: '1.12' },
} as const;

/** Something that not every core can do. */
export type Feature = keyof typeof since;

/** Why a core cannot run what needs some features, or nothing when it can. */
export function lack(core: CoreBinary, needs: readonly Feature[]): string | undefined {
  const missing = needs.filter((feature) => lt(coerce(core.version) ?? '0.0.0', `${since[feature][core.product]}.0`));
  if (missing.length === 0) return undefined;
  return `${labelOf(core)} has no ${missing.map((feature) => `${feature} (since ${core.product} ${since[feature][core.product]})`).join(', no ')}`;
}
