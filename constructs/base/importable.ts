import { ImportableResource, type TerraformProvider } from 'cdktf';
import type { Construct } from 'constructs';

/** What is imported, and where to. */
export interface ImportableOptions {
  readonly scope: Construct;
  /** Construct id that the import gets. */
  readonly id: string;
  readonly type: string;
  readonly importId: string;
  /** @default the provider of the stack */
  readonly provider: TerraformProvider | undefined;
}

/** Makes an import block. */
export function importable(options: ImportableOptions): ImportableResource {
  const { scope, id, type, importId, provider } = options;
  return new ImportableResource(scope, id, { terraformResourceType: type, importId, ...(provider && { provider }) });
}
