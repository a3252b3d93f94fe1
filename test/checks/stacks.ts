import { knownProviders, selectedRules } from '../../src/check-engine';
import { check } from '../../src/checks/check';
import type { Rule } from '../../src/checks/define';
import type { Outcome } from '../../src/checks/findings';
import { Estate } from '../../src/checks/model/estate';
import { readStack } from '../../src/checks/stacks';
import type { Suppression } from '../../src/checks/suppressions';

const known = knownProviders();

/** Resources by type and name, as a synthesized stack has them. */
export type Resources = Readonly<Record<string, Readonly<Record<string, object>>>>;

/** The text of a synthesized stack. */
export function stackText(resource: Resources, more: object = {}): string {
  const names = ['artifactapi', 'bkrepo', 'kubesphere'];
  const required = Object.fromEntries(names.map((name) => [name, { source: `registry.terraform.io/repoform/${name}` }]));
  return JSON.stringify({ terraform: { required_providers: required, backend: { s3: {} } }, resource, ...more });
}

/** What the rules find in stacks, by name. */
export function checked(
  stacks: Readonly<Record<string, string>>,
  { rules, suppressions = [] }: { readonly rules?: readonly Rule[]; readonly suppressions?: readonly Suppression[] } = {},
): Outcome {
  const read = Object.entries(stacks).map(([name, text]) => {
    const parsed = readStack({ name, text }, known);
    if ('problem' in parsed) throw new Error(parsed.problem);
    return parsed.value;
  });
  return check({
    estate: new Estate(read.map(({ input }) => input)),
    ...selectedRules({}),
    ...(rules && { rules }),
    suppressions: [...read.flatMap((one) => one.suppressions), ...suppressions],
  });
}

/** Each finding as `<code> <address>`. */
export const foundIn = ({ findings }: Outcome): string[] => findings.map(({ code, address, stack }) => `${code} ${address ?? stack}`);
