import { TerraformResource, type ImportableResource, type TerraformMetaArguments, type TerraformProviderGeneratorMetadata } from 'cdktf';
import type { Construct } from 'constructs';
import type { TypeSpec } from './attribute';
import { AttributeValues } from './attribute-values';
import { metaArguments } from './check';
import { importable, type ImportableClass, type ImportArguments } from './importable';
import { rememberPosition } from './positions';
import { writeOnly } from './provider-features';
import { warnOfLiteralSecrets } from './secrets';
import { commentOf } from './suppress';
import { warnOfUnserved } from './unserved';
import type { HclAttribute } from './to-hcl';

/** What a generated resource class passes to its base. */
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
    rememberPosition(this, new.target);
    this.attributeValues = new AttributeValues(spec, { construct: this, config, others: metaArguments });
    warnOfLiteralSecrets(this, spec, this.attributeValues);
    warnOfUnserved(this, spec, this.attributeValues);
  }

  /** Makes an import block; `cdktf plan` prints the configuration of what is imported. */
  static generateConfigForImport(this: ImportableClass, ...of: ImportArguments): ImportableResource {
    return importable(this, of);
  }

  /** @internal */
  get checkedAddress(): string {
    return `${this.terraformResourceType}.${this.friendlyUniqueId}`;
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
    const written = this.attributeValues.toTerraform();
    for (const name of this.writeOnlyNames(written)) written[name] = writeOnly(this, written[name]);
    return Object.assign(written, commentOf(this));
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    const written = this.attributeValues.toHcl();
    for (const name of this.writeOnlyNames(written))
      written[name] = { ...written[name], value: writeOnly(this, written[name]?.value) } as HclAttribute;
    return written;
  }

  private writeOnlyNames(written: object): string[] {
    const { attributes } = this.attributeValues.spec;
    const forms = new Set(attributes.map(({ writeOnlyForm }) => writeOnlyForm));
    return attributes.filter(({ key, name }) => forms.has(key) && Object.hasOwn(written, name)).map(({ name }) => name);
  }
}

/** The meta-arguments of a configuration, without its attributes. */
export function pickMeta(config: TerraformMetaArguments): TerraformMetaArguments {
  return Object.fromEntries(
    metaArguments.filter((key) => config[key] !== undefined).map((key) => [key, config[key]]),
  ) as TerraformMetaArguments;
}
