import { ImportableResource, type TerraformProvider } from 'cdktf';
import type { Construct } from 'constructs';

/** A generated class whose objects can be imported. */
export interface ImportableClass {
  readonly tfResourceType: string;
}

/** What the core's own generated classes take. */
export type ImportArguments = [scope: Construct, importToId: string, importFromId: string, provider?: TerraformProvider];

/** Makes an import block. */
export function importable({ tfResourceType: terraformResourceType }: ImportableClass, of: ImportArguments): ImportableResource {
  const [scope, id, importId, provider] = of;
  return new ImportableResource(scope, id, { terraformResourceType, importId, ...(provider && { provider }) });
}
