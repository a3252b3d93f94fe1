import type { CheckedEstate, CheckedProvider, CheckedResource, CheckedServer, CheckedStack } from './model';

/** How bad a finding is: `error` puts artifacts or secrets at risk, `warning` probably does or will, `note` is worth knowing. */
export const SEVERITIES = ['error', 'warning', 'note'] as const;

/** How bad a finding is. */
export type Severity = (typeof SEVERITIES)[number];

/** Reports a finding on what is being checked: what is wrong, with the values concerned, and the attribute (snake_case) that says so. */
export type Report = (message: string, attribute?: string) => void;

/** What a rule is told besides what it checks. */
export interface CheckContext {
  readonly estate: CheckedEstate;
  readonly report: Report;
}

/** What a rule that queries the server is told. */
export interface ServerCheckContext extends CheckContext {
  readonly server: CheckedServer;
}

/**
 * A rule as its author writes it. Each check gets one thing at a time and reports what is wrong with it. A check that reads a value that is
 * known only after apply ends there; what it reported before stays, and the rest is listed as not checked.
 */
export interface RuleSource {
  /** Name of the rule, in kebab-case: `open-proxy`. Suppressions and outputs use it. */
  readonly code: string;
  /** One sentence: what is wrong where the rule finds something. */
  readonly summary: string;
  readonly severity: Severity;
  /** What to do about a finding, in one or two sentences. */
  readonly fix: string;
  /** A page about the rule. @default none */
  readonly url?: string;
  /** Resource types that it checks, e.g. `artifactapi_virtual`, or a pattern of them. @default all, also those of other providers */
  readonly types?: string | RegExp;
  /** Checks a resource. */
  checkResource?(resource: CheckedResource, context: CheckContext): void;
  /** Checks a provider block. */
  checkProvider?(provider: CheckedProvider, context: CheckContext): void;
  /** Checks a stack as a whole. */
  checkStack?(stack: CheckedStack, context: CheckContext): void;
  /** Checks a resource against the server it is on; only run where an endpoint is given. */
  checkOnServer?(resource: CheckedResource, context: ServerCheckContext): Promise<void>;
}

/** A rule that `repoform check` and `RegistryChecks` can run. */
export type Rule = Readonly<RuleSource>;

/** Declares a rule. Throws for one that cannot work. */
export function defineRule(source: RuleSource): Rule {
  const problems = problemsOf(source);
  if (problems.length > 0) throw new Error(`the rule "${String(source.code)}" cannot work: ${problems.join('; ')}`);
  return Object.freeze({ ...source });
}

function problemsOf({ code, summary, severity, fix, ...checks }: RuleSource): string[] {
  const hasCheck = [checks.checkResource, checks.checkProvider, checks.checkStack, checks.checkOnServer].some((one) => one !== undefined);
  return [
    ...(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(code) ? [] : ['"code" must be in kebab-case, e.g. "open-proxy"']),
    ...(SEVERITIES.includes(severity) ? [] : [`"severity" is "${String(severity)}"; expected one of ${SEVERITIES.join(', ')}`]),
    ...(isText(summary) ? [] : ['"summary" is empty']),
    ...(isText(fix) ? [] : ['"fix" is empty']),
    ...(hasCheck ? [] : ['it has no check; add checkResource, checkProvider, checkStack or checkOnServer']),
  ];
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';
