import { TerraformDataSource, type ImportableResource, type TerraformMetaArguments, type TerraformProviderGeneratorMetadata } from 'cdktf';
import type { Construct } from 'constructs';
import type { TypeSpec } from './attribute';
import { AttributeValues } from './attribute-values';
import { metaArguments } from './check';
import { importable, type ImportableClass, type ImportArguments } from './importable';
import { pickMeta } from './resource';
import { warnOfLiteralSecrets } from './secrets';

/** What a generated data source class passes to its base. */
export interface DataSourceOptions {
  readonly spec: TypeSpec;
  readonly config: TerraformMetaArguments;
  readonly metadata: TerraformProviderGeneratorMetadata;
}

/** The base of every generated data source class. */
export abstract class DataSource extends TerraformDataSource {
  private readonly attributeValues: AttributeValues;

  constructor(scope: Construct, id: string, options: DataSourceOptions) {
    const { spec, config, metadata } = options;
    super(scope, id, { ...pickMeta(config), terraformResourceType: spec.type, terraformGeneratorMetadata: metadata });
    this.attributeValues = new AttributeValues(spec, { construct: this, config, others: metaArguments });
    warnOfLiteralSecrets(this, spec, this.attributeValues);
  }

  /** Makes an import block; `cdktf plan` prints the configuration of what is imported. */
  static generateConfigForImport(this: ImportableClass, ...of: ImportArguments): ImportableResource {
    return importable(this, of);
  }

  /** The value given to an attribute. */
  protected inputOf<T>(key: string): T | undefined {
    return this.attributeValues.get(key) as T | undefined;
  }

  /** Sets the value of an attribute. */
  protected putValue(key: string, value: unknown): void {
    this.attributeValues.put(key, value);
  }

  /** Unsets the value of an attribute. */
  protected resetValue(key: string): void {
    this.attributeValues.reset(key);
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return this.attributeValues.toTerraform();
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return this.attributeValues.toHcl();
  }
}
