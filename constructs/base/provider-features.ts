import { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';

/** What only the elements of cdktn have: it checks features against the versions that a project targets. */
interface Checked {
  registerProviderFeatureUsage?(feature: string): void;
  markWriteOnlyAttribute?(value: unknown): unknown;
}

/** Declares that an element needs a feature, by cdktn's name for it. */
export function usesFeature(element: IConstruct, feature: 'ephemeralResources'): void {
  const { registerProviderFeatureUsage } = element as unknown as Checked;
  if (!registerProviderFeatureUsage) return;
  registerProviderFeatureUsage.call(element, feature);
  adviseOn(element);
}

/** The value of a write-only attribute, marked as such for the core. */
export function writeOnly(element: IConstruct, value: unknown): unknown {
  const { markWriteOnlyAttribute } = element as unknown as Checked;
  if (!markWriteOnlyAttribute) return value;
  adviseOn(element);
  return markWriteOnlyAttribute.call(element, value);
}

const users = new WeakMap<TerraformStack, Set<IConstruct>>();

/** Makes the stack say once where a project declares its target versions: the core's own message names those it assumes, but not where to set them. */
function adviseOn(element: IConstruct): void {
  const stack = TerraformStack.of(element);
  const all = users.get(stack) ?? new Set<IConstruct>();
  if (all.size === 0) stack.node.addValidation({ validate: () => advice(stack, all) });
  users.set(stack, all.add(element));
}

function advice(stack: TerraformStack, all: ReadonlySet<IConstruct>): string[] {
  const refused = (element: IConstruct): boolean => element.node.validate().some((problem) => problem.includes('but the project targets'));
  if (stack.node.tryGetContext('targetVersions') !== undefined || ![...all].some(refused)) return [];
  return [
    'the project does not declare which versions it targets, so cdktn assumes old ones; add "targetVersions": { "terraform": ">=1.11.0", "opentofu": ">=1.11.0" } to cdktf.json (or to the context of the App), and leave out the one that you do not use',
  ];
}
