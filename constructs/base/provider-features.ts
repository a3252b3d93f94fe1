import type { IConstruct } from 'constructs';

/** What cdktn has on its elements and cdktf has not: it checks features against the versions that a project targets. */
interface Checked {
  registerProviderFeatureUsage?(feature: string): void;
  markWriteOnlyAttribute?(value: unknown): unknown;
}

/** Says that an element needs a feature, by cdktn's name of it. */
export function usesFeature(element: IConstruct, feature: 'ephemeralResources'): void {
  (element as unknown as Checked).registerProviderFeatureUsage?.(feature);
}

/** A value of a write-only attribute, which says that it is one when it is written. */
export function writeOnly(element: IConstruct, value: unknown): unknown {
  const { markWriteOnlyAttribute } = element as unknown as Checked;
  return markWriteOnlyAttribute ? markWriteOnlyAttribute.call(element, value) : value;
}
