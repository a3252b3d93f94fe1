import { type IAspect, TerraformElement, TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import type { CheckEngine, RuleSelection } from '../../src/checks/engine';
import type { Finding, Outcome } from '../../src/checks/findings';
import type { Rule } from '../../src/checks/define';
import { appChecks, type AppChecks } from '../base/app-checks';
import { addError, addInfo, addWarning, atSynthesis } from '../base/synthesis';

/** Properties of `RegistryChecks`. */
export interface RegistryChecksProps {
  /**
   * Rules of your own, made with `defineRule`.
   *
   * @default none
   */
  readonly rules?: readonly Rule[];
  /**
   * Names of rules that are not run.
   *
   * @default none
   */
  readonly except?: readonly string[];
}

/**
 * Checks the registries that an app declares when it is synthesized: errors and warnings become annotations of the constructs concerned.
 * The rules are those of `repoform check`, without those that need a server.
 *
 * @example
 * Aspects.of(this).add(new RegistryChecks());
 */
export class RegistryChecks implements IAspect, AppChecks {
  /** @internal */
  readonly [appChecks] = true;
  private readonly stacks = new Set<TerraformStack>();

  constructor(private readonly props: RegistryChecksProps = {}) {}

  visit(node: IConstruct): void {
    if (!TerraformStack.isStack(node) || this.stacks.has(node)) return;
    this.stacks.add(node);
    // Aspects that come later may still change the stack, so it is checked when it is synthesized.
    atSynthesis(node, () => this.check(node));
  }

  /** Whether a rule is run. */
  runs(code: string): boolean {
    return this.props.except?.includes(code) !== true;
  }

  /** Checks a stack; the others are read too, because rules look at the whole app. */
  private check(stack: TerraformStack): void {
    const { findings } = SynthesizedApp.of(stack).check(stack, this, this.props);
    const constructs = elementsOf(stack);
    for (const finding of findings) {
      if (finding.stack !== stack.node.id) continue;
      annotate((finding.address === undefined ? undefined : constructs.get(finding.address)) ?? stack, finding);
    }
  }
}

/** The stacks of an app while it is synthesized. Rendering and reading them costs as much as all else, so each is rendered as rarely as possible. */
class SynthesizedApp {
  private static readonly apps = new WeakMap<IConstruct, SynthesizedApp>();
  private readonly checks = engine().stackChecks();
  private readonly texts = new Map<TerraformStack, string>();
  private readonly checked = new Map<TerraformStack, Set<RegistryChecks>>();
  private stacks: readonly TerraformStack[] = [];

  static of({ node: { root } }: TerraformStack): SynthesizedApp {
    const app = this.apps.get(root) ?? new SynthesizedApp();
    this.apps.set(root, app);
    return app;
  }

  check(stack: TerraformStack, by: RegistryChecks, selection: RuleSelection): Outcome {
    const before = this.checked.get(stack);
    // The same check of the same stack: the app is synthesized once more.
    if (this.stacks.length === 0 || before?.has(by)) this.begin(stack);
    // Aspects may have changed it since it was rendered as one of the others.
    if (!this.checked.has(stack)) this.texts.set(stack, textOf(stack));
    this.checked.set(stack, new Set([...(this.checked.get(stack) ?? []), by]));
    const texts = this.stacks.map((one) => ({ name: one.node.id, text: this.textOf(one) }));
    return this.checks.check(texts, stack.node.id, selection);
  }

  private begin({ node: { root } }: TerraformStack): void {
    this.texts.clear();
    this.checked.clear();
    this.stacks = root.node.findAll().filter((node) => TerraformStack.isStack(node));
  }

  private textOf(stack: TerraformStack): string {
    const text = this.texts.get(stack) ?? textOf(stack);
    this.texts.set(stack, text);
    return text;
  }
}

const textOf = (stack: TerraformStack): string => JSON.stringify(stack.toTerraform());

const annotations = { error: addError, warning: addWarning, note: addInfo } as const;

/** The command tells such annotations from others by the name at the end. */
function annotate(construct: IConstruct, { code, severity, message, fix }: Finding): void {
  annotations[severity](construct, `${message}. ${fix} [${code}]`);
}

/** The elements of a stack by their addresses. */
function elementsOf(stack: TerraformStack): ReadonlyMap<string, IConstruct> {
  const elements = stack.node.findAll().filter((node) => TerraformElement.isTerraformElement(node));
  return new Map(elements.flatMap((element) => addressesOf(element).map((address) => [address, element] as const)));
}

function addressesOf(element: TerraformElement): string[] {
  const { terraformResourceType: type, alias } = element as Partial<{ terraformResourceType: string; alias: string }>;
  if (type === undefined) return [];
  return [`${type}.${element.friendlyUniqueId}`, ['provider', type, ...(alias === undefined ? [] : [alias])].join('.')];
}

/** Loaded when it is needed; the build has it in one file beside the library. */
const engine = (): CheckEngine => require('../../src/check-engine') as CheckEngine;
