import type { ClientUse } from '../../define/definition';
import type { Field } from '../../define/shape';

/** What a class is generated from. */
export interface ClassSource {
  readonly className: string;
  readonly kind: 'resource' | 'dataSource' | 'ephemeral' | 'provider';
  /** Terraform's name of the type; of a provider, its own. */
  readonly type: string;
  /** Terraform's name of the provider. */
  readonly provider: string;
  readonly description: string;
  readonly fields: readonly Field[];
  readonly deprecated?: string;
  /** Set when clients fetch packages from it. */
  readonly clients?: ClientUse;
  /** What the constructs need to warn about repositories that a server may not serve. */
  readonly serving?: ClientUse & { readonly server: string };
}
