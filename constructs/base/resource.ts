import { TerraformResource, type TerraformMetaArguments, type TerraformProviderGeneratorMetadata } from 'cdktf';
import type { Construct } from 'constructs';
import type { TypeSpec } from './attribute';
import { AttributeValues } from './attribute-values';
import { metaArguments } from './check';
import { warnOfLiteralSecrets } from './secrets';
import { warnOfUnserved } from './unserved';

/** What a generated resource class says of itself. */
export interface ResourceOptions {
  readonly spec: TypeSpec;
  readonly config: TerraformMetaArguments;
  readonly metadata: TerraformProviderGeneratorMetadata;
}

/** The base of every generated resource class. */
export abstract class Resource extends TerraformResource {
  private readonly attributeValues: AttributeValues;

  constructor(scope: Construct, id: string, options: ResourceOptions) {
    const { spec, config, metadata } = options;
    super(scope, id, { ...pickMeta(config), terraformResourceType: spec.type, terraformGeneratorMetadata: metadata });
    this.attributeValues = new AttributeValues(spec, { construct: this, config, others: metaArguments });
    warnOfLiteralSecrets(this, spec, this.attributeValues);
    warnOfUnserved(this, spec, this.attributeValues);
  }

  /** The value that an attribute was given. */
  protected inputOf<T>(key: string): T | undefined {
    return this.attributeValues.get(key) as T | undefined;
  }

  /** Gives an attribute a value. */
  protected putValue(key: string, value: unknown): void {
    this.attributeValues.put(key, value);
  }

  /** Takes the value of an attribute back. */
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

/** The meta-arguments of a configuration, without its attributes. */
export function pickMeta(config: TerraformMetaArguments): TerraformMetaArguments {
  return Object.fromEntries(
    metaArguments.filter((key) => config[key] !== undefined).map((key) => [key, config[key]]),
  ) as TerraformMetaArguments;
}
