import type { Severity } from '../checks/define';
import type { StackText } from '../checks/engine';

/** What a matcher answers: jest and vitest take the same. */
export interface MatcherResult {
  readonly pass: boolean;
  message(): string;
}

/** The repository that a stack must have: what it is, and values under their TypeScript or Terraform names. */
export interface ExpectedRepository {
  /** The package type, e.g. `npm`. @default any */
  readonly type?: string;
  /** The kind. @default any */
  readonly kind?: 'remote' | 'virtual' | 'local';
  /** The name on the server, or an asymmetric matcher. @default any */
  readonly name?: unknown;
  /** Any attribute, e.g. `baseUrl`; values may be, or contain, asymmetric matchers. */
  readonly [attribute: string]: unknown;
}

/** How `toPassChecks` checks. */
export interface PassChecksOptions {
  /** Names of rules that are not run. @default none */
  readonly ignore?: readonly string[];
  /** The least severity that fails, as for `repoform check --fail-on`. @default "error" */
  readonly failOn?: Severity;
}

/** The APIs that the embedded registry serves. */
export type ServedBackend = 'artifactapi' | 'bkrepo' | 'kubesphere';

/** How `toDeployCleanly` deploys. */
export interface DeployCleanlyOptions {
  /** The APIs that the embedded registry serves; providers of others keep their endpoints. @default those of the stacks */
  readonly backends?: readonly ServedBackend[];
  /** Further arguments of `repoform registry`, e.g. `--kubesphere-workspaces` and their names. @default none */
  readonly registryArguments?: readonly string[];
  /** Values of the stacks' variables. @default those in the environment (`TF_VAR_...`) */
  readonly variables?: Readonly<Record<string, string>>;
  /** The Terraform or OpenTofu to use. @default what `TERRAFORM_BINARY_NAME` names, or `terraform` or `tofu` on the PATH */
  readonly coreBinary?: string;
  /** Milliseconds that one command of it may take. @default 120000 */
  readonly timeout?: number;
}

/** What a test runner has that compares and prints values, also asymmetric matchers. */
export interface Utilities {
  equals(actual: unknown, expected: unknown): boolean;
  print(value: unknown): string;
}

/** A stack that was synthesized into a folder of its own. */
export interface SynthesizedStack {
  readonly name: string;
  readonly folder: string;
}

/** What the matchers of `repoform/testing` do. It has every definition in it, so constructs know only this of it, and load it when it is needed. */
export interface MatcherEngine {
  toHaveRepository(text: string, expected: ExpectedRepository, utilities: Utilities): MatcherResult;
  /** @param only the stack that findings must be of; every one if it is not given */
  toPassChecks(stacks: readonly StackText[], only: string | undefined, options: PassChecksOptions): MatcherResult;
  /** @param stacks in the order in which they are deployed; what is in their folders is changed */
  toDeployCleanly(stacks: readonly SynthesizedStack[], folder: string, options: DeployCleanlyOptions): Promise<MatcherResult>;
}
