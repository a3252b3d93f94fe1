import { TerraformProvider, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { join, resolve } from 'node:path';
import { NOTES_KEY } from '../../src/common/suppressed';
import type { TypeSpec } from '../base/attribute';
import { checkByApp } from '../base/app-checks';
import { AttributeValues } from '../base/attribute-values';
import { rememberPosition } from '../base/positions';
import { problemsOf, setProblems } from '../base/problems';
import { addSecretWarnings } from '../base/secrets';
import { notesOf } from '../base/suppress';
import { addError, addWarning, atSynthesis, type SynthesisSession } from '../base/synthesis';
import { addressText, parseAddress } from './address';
import { bundleOf } from './bundle';
import { providerInstallation, surroundings } from './cli-config';
import { installationProblem } from './installation';
import { installLocally } from './install-locally';
import type { OtherProvider } from './lock-note';
import { defaultPlatforms, hostPlatform, isWindows, platformProblem } from './platforms';
import { generatorMetadata, type ProviderPackage } from './provider-package';

/** What every provider that comes in an npm package accepts. */
export interface BundledProviderConfig {
  /**
   * Name that distinguishes this provider from others of its type in the stack.
   *
   * @default none
   */
  readonly alias?: string;
  /**
   * Source address of the provider, with host.
   *
   * @default the address in its package
   */
  readonly source?: string;
  /**
   * Platforms that the stack may be deployed from.
   *
   * @default this machine, linux_amd64 and linux_arm64
   */
  readonly platforms?: readonly string[];
  /**
   * Whether synthesis installs the provider into the stack's folder; set it to false if a registry or a mirror serves it.
   *
   * @default true
   */
  readonly installLocally?: boolean;
}

/** What a generated provider class passes to its base. */
export interface BundledProviderOptions {
  readonly spec: TypeSpec;
  readonly config: BundledProviderConfig;
  /** The package that has its executable. */
  readonly from: ProviderPackage;
}

const own = ['alias', 'source', 'platforms', 'installLocally'];

/** The base of every provider class. It brings its executable along, so that users have nothing to install. */
export abstract class BundledProvider extends TerraformProvider {
  private readonly attributeValues: AttributeValues;
  private aliasValue: string | undefined;
  private readonly platforms: readonly string[];
  private readonly installsLocally: boolean;
  private readonly from: ProviderPackage;

  constructor(scope: Construct, id: string, options: BundledProviderOptions) {
    const { spec, config, from } = options;
    const { source, problems } = sourceOf(config, from);
    super(scope, id, {
      terraformResourceType: spec.type,
      terraformGeneratorMetadata: generatorMetadata(from),
      terraformProviderSource: source,
    });
    this.from = from;
    this.attributeValues = new AttributeValues(spec, { construct: this, config, others: own });
    this.aliasValue = config.alias;
    rememberPosition(this, new.target);
    this.platforms = config.platforms ?? defaultPlatforms();
    setProblems(this, 'source', problems);
    setProblems(
      this,
      'platforms',
      this.platforms.flatMap((platform) => platformProblem(platform) ?? []),
    );
    this.installsLocally = config.installLocally !== false;
    atSynthesis(this, (session) => this.onSynthesize(session));
  }

  override get alias(): string | undefined {
    return this.aliasValue;
  }

  override set alias(value: string | undefined) {
    this.aliasValue = value;
  }

  /** The alias that was given. */
  get aliasInput(): string | undefined {
    return this.aliasValue;
  }

  /** @internal */
  get checkedAddress(): string {
    return ['provider', this.terraformResourceType, ...(this.aliasValue === undefined ? [] : [this.aliasValue])].join('.');
  }

  /** Unsets the alias. */
  resetAlias(): void {
    this.aliasValue = undefined;
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

  private onSynthesize(session: SynthesisSession): void {
    checkByApp(TerraformStack.of(this));
    addSecretWarnings(this, this.attributeValues);
    const notes = notesOf(this);
    if (notes) this.addOverride(`//.${NOTES_KEY}`, notes);
    if (!this.installsLocally || problemsOf(this).length > 0 || this.isInstalledByAnother()) return;
    try {
      this.install(session);
    } catch (cause) {
      addError(this, cause instanceof Error ? cause.message : String(cause));
    }
  }

  /** Providers of one type in a stack, distinguished by alias, share one executable. */
  private isInstalledByAnother(): boolean {
    const twin = this.providersOfStack().find(
      (one) => one instanceof BundledProvider && one.installsLocally && one.terraformProviderSource === this.terraformProviderSource,
    );
    return twin !== this;
  }

  private providersOfStack(): TerraformProvider[] {
    const stack = TerraformStack.of(this);
    return stack.node
      .findAll()
      .filter((node) => TerraformProvider.isTerraformProvider(node))
      .filter((provider) => TerraformStack.of(provider) === stack);
  }

  private install({ outdir, manifest }: SynthesisSession): void {
    const stack = TerraformStack.of(this);
    const folder = resolve(join(outdir, manifest.forStack(stack).workingDirectory));
    const address = parseAddress(this.terraformProviderSource as string);
    const bundle = bundleOf(this.from);
    const unable = installLocally({ folder, bundle, address, platforms: this.platforms, others: this.others() });
    if (unable) addWarning(this, `${unable}; to deploy from this machine, set "output" in cdktf.json to a folder elsewhere`);
    const installation = providerInstallation(surroundings());
    const { npmPackage } = this.from;
    const target = { address, version: bundle.version, workingDirectory: folder, npmPackage };
    const problem = installation && installationProblem(installation, target);
    if (problem) addError(this, problem);
    if (isWindows(hostPlatform()))
      addWarning(
        this,
        'Windows cannot run the bundled provider, which is a script without a file extension: deploy from WSL or Linux, where the stack synthesized here works',
      );
  }

  private others(): OtherProvider[] {
    return this.providersOfStack()
      .filter(({ terraformProviderSource: source }) => source !== undefined && source !== this.terraformProviderSource)
      .map(({ terraformProviderSource, terraformGeneratorMetadata: metadata }) => ({
        source: terraformProviderSource as string,
        version: metadata?.providerVersion ?? metadata?.providerVersionConstraint,
      }));
  }
}

/** The full source address; the default if the one given is invalid, so that all other problems are found too. */
function sourceOf(config: BundledProviderConfig, from: ProviderPackage): { readonly source: string; readonly problems: readonly string[] } {
  try {
    return { source: addressText(parseAddress(config.source ?? from.source)), problems: [] };
  } catch (cause) {
    return { source: from.source, problems: [cause instanceof Error ? cause.message : String(cause)] };
  }
}
