import { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { addError, atSynthesis, type SynthesisSession } from './synthesis';

/** The problems of one construct, by topic. */
interface Findings {
  readonly byTopic: Map<string, readonly string[]>;
  /** Whether synthesis has reported them, or was told to skip validation. */
  settled: boolean;
}

const found = new WeakMap<IConstruct, Findings>();
const constructsOf = new WeakMap<TerraformStack, Set<IConstruct>>();

/**
 * Records the problems of a construct, so that synthesis prints one list for the whole tree. Replaces what was recorded for the same
 * topic, such as an attribute; an empty list clears it.
 */
export function setProblems(construct: IConstruct, topic: string, problems: readonly string[]): void {
  const findings = found.get(construct);
  if (problems.length === 0) return void findings?.byTopic.delete(topic);
  (findings ?? register(construct)).byTopic.set(topic, problems);
}

/** The problems of a construct. */
export function problemsOf(construct: IConstruct): readonly string[] {
  return [...(found.get(construct)?.byTopic.values() ?? [])].flat();
}

/** Throws one list of the problems that no synthesis has reported. */
function refuseUnsettled(constructs: Iterable<IConstruct>): void {
  const lines = [...constructs]
    .filter((construct) => found.get(construct)?.settled === false)
    .flatMap((construct) => problemsOf(construct).map((problem) => `[${construct.node.path}] ${problem}`));
  if (lines.length > 0) throw new Error(`the configuration cannot be deployed:\n  ${lines.join('\n  ')}`);
}

function register(construct: IConstruct): Findings {
  const findings: Findings = { byTopic: new Map(), settled: false };
  found.set(construct, findings);
  const stack = TerraformStack.of(construct);
  (constructsOf.get(stack) ?? guard(stack)).add(construct);
  atSynthesis(construct, (session) => settle(construct, session));
  return findings;
}

/**
 * A stack that is rendered without being synthesized as part of an app, as `Testing.synth` does, reports no annotations; a test must not
 * pass with a configuration that cannot be deployed.
 */
function guard(stack: TerraformStack): Set<IConstruct> {
  const constructs = new Set<IConstruct>();
  constructsOf.set(stack, constructs);
  const json = stack.toTerraform.bind(stack);
  const hcl = stack.toHclTerraform.bind(stack);
  stack.toTerraform = () => {
    refuseUnsettled(constructs);
    return json() as unknown;
  };
  stack.toHclTerraform = () => {
    refuseUnsettled(constructs);
    return hcl();
  };
  return constructs;
}

function settle(construct: IConstruct, { skipValidation }: SynthesisSession): void {
  const findings = found.get(construct);
  if (!findings) return;
  findings.settled = true;
  if (!skipValidation) for (const problem of problemsOf(construct)) addError(construct, problem);
}
