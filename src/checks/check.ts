import { withoutUserInfo } from '../common/urls';
import type { CheckContext, Report, Rule } from './define/rule';
import type { CheckedServer } from './define/model';
import { bySeverity, type Finding, type NotChecked, type Outcome, type Place } from './findings';
import type { Estate, Stack } from './model/estate';
import type { Provider, Resource } from './model/resource';
import { NotKnown } from './model/values';
import { applySuppressions, type Suppression } from './suppressions';

/** What to check, and with what. */
export interface CheckRequest {
  readonly estate: Estate;
  readonly rules: readonly Rule[];
  /** Rules that exist but are not run now, so that they can be suppressed. @default none */
  readonly otherRules?: readonly Rule[];
  readonly suppressions: readonly Suppression[];
  /** The name of the stack to check, among the others. @default all */
  readonly only?: string;
}

/** The server that a resource is on; nothing if no endpoint was given for its provider. */
export type ServerOf = (resource: Resource) => CheckedServer | undefined;

/** Checks an estate without a server. */
export function check(request: CheckRequest): Outcome {
  const run = new Run(request, () => undefined);
  run.offline();
  return run.outcome();
}

/** Checks an estate, also against live servers: rules that can use one judge by it. */
export async function checkWithServers(request: CheckRequest, serverOf: ServerOf): Promise<Outcome> {
  const run = new Run(request, serverOf);
  run.offline();
  await run.online();
  return run.outcome();
}

class Run {
  private readonly found: Finding[] = [];
  private readonly notChecked: NotChecked[] = [];

  constructor(
    private readonly request: CheckRequest,
    private readonly serverOf: ServerOf,
  ) {}

  offline(): void {
    const { estate, only } = this.request;
    for (const stack of estate.stacks) {
      if (only !== undefined && stack.name !== only) continue;
      for (const rule of this.request.rules) {
        if (rule.checkStack) this.guarded(rule, placeOfStack(stack), (context) => rule.checkStack?.(stack, context));
        if (rule.checkProvider)
          for (const provider of stack.providers)
            this.guarded(rule, placeOf(stack, provider), (context) => rule.checkProvider?.(provider, context));
        if (rule.checkResource)
          for (const resource of this.resourcesFor(rule, stack).filter((one) => !rule.checkOnServer || !this.serverOf(one)))
            this.guarded(rule, placeOf(stack, resource), (context) => rule.checkResource?.(resource, context));
      }
    }
  }

  async online(): Promise<void> {
    const checks = this.request.estate.stacks.flatMap((stack) =>
      this.request.rules.flatMap((rule) =>
        rule.checkOnServer ? this.resourcesFor(rule, stack).map((resource) => ({ rule, stack, resource })) : [],
      ),
    );
    // A few at a time: the server has other things to do.
    const next = checks.values();
    const work = async (): Promise<void> => {
      for (const { rule, stack, resource } of next) {
        const server = this.serverOf(resource);
        if (server)
          await this.guardedOnServer(rule, placeOf(stack, resource), (context) => rule.checkOnServer?.(resource, { ...context, server }));
      }
    };
    await Promise.all(Array.from({ length: 4 }, work));
  }

  outcome(): Outcome {
    const { estate, rules, otherRules = [], suppressions } = this.request;
    const run = new Set(rules.map(({ code }) => code));
    const unsure = new Set(this.notChecked.map(({ code }) => code));
    const { findings, suppressed } = applySuppressions(this.found, suppressions, {
      codes: new Set([...run, ...otherRules.map(({ code }) => code)]),
      isChecked: ({ code }) => run.has(code) && !unsure.has(code),
    });
    const resources = estate.resources.filter(({ declared }) => declared.known !== undefined).length;
    const sorted = [...findings].sort(bySeverity);
    return { findings: sorted, suppressed, notChecked: this.notChecked, rules, resources, stacks: estate.stacks.length };
  }

  private resourcesFor({ types }: Rule, { resources }: Stack): readonly Resource[] {
    if (types === undefined) return resources;
    return resources.filter(({ type }) => (typeof types === 'string' ? types === type : types.test(type)));
  }

  private guarded(rule: Rule, place: Place, body: (context: CheckContext) => void): void {
    try {
      body({ estate: this.request.estate, report: this.reporter(rule, place) });
    } catch (thrown) {
      this.ended(rule, place, thrown);
    }
  }

  private async guardedOnServer(rule: Rule, place: Place, body: (context: CheckContext) => Promise<void> | undefined): Promise<void> {
    try {
      await body({ estate: this.request.estate, report: this.reporter(rule, place) });
    } catch (thrown) {
      if (thrown instanceof NotKnown) return this.ended(rule, place, thrown);
      const detail = thrown instanceof Error ? thrown.message : String(thrown);
      this.notChecked.push({ ...place, code: rule.code, attribute: '', why: 'server', detail });
    }
  }

  private reporter({ code, severity, fix }: Rule, place: Place): Report {
    return (message, attribute) => void this.found.push({ ...place, code, severity, fix, message: withoutUserInfo(message), attribute });
  }

  /** A check that needs what is not known has nothing more to say; any other failure is the rule's own. */
  private ended({ code }: Rule, place: Place, thrown: unknown): void {
    if (thrown instanceof NotKnown) return void this.notChecked.push({ ...place, code, attribute: thrown.attribute, why: thrown.why });
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Error(`the rule "${code}" failed at ${place.address ?? place.stack}: ${message}`, { cause: thrown });
  }
}

const placeOfStack = ({ name }: Stack): Place => ({ stack: name, address: undefined, construct: undefined });

function placeOf(stack: Stack, block: Resource | Provider): Place {
  const construct = 'declared' in block ? block.declared.construct : undefined;
  return { stack: stack.name, address: block.address, construct };
}
