import { AnnotationMetadataEntryType } from 'cdktf';
import { addCustomSynthesis } from 'cdktf/lib/synthesize/synthesizer';
import type { IConstruct } from 'constructs';

/** What the core passes to a synthesis step. */
export interface SynthesisSession {
  readonly outdir: string;
  readonly skipValidation?: boolean;
  readonly manifest: { forStack(stack: IConstruct): { readonly workingDirectory: string } };
}

type Step = (session: SynthesisSession) => void;

const steps = new WeakMap<IConstruct, Step[]>();

/** Runs a step when the app is synthesized, before annotations are collected. The core allows one step per construct; this allows several. */
export function atSynthesis(construct: IConstruct, step: Step): void {
  const known = steps.get(construct);
  if (known) return void known.push(step);
  const all = [step];
  steps.set(construct, all);
  addCustomSynthesis(construct, {
    onSynthesize: (session) => {
      for (const one of all) one(session as unknown as SynthesisSession);
    },
  });
}

/** Adds an error for the command to print. Unlike the core's `Annotations`, without stack frames: the construct's path shows where. */
export function addError(construct: IConstruct, message: string): void {
  construct.node.addMetadata(AnnotationMetadataEntryType.ERROR, message);
}

/** Adds a warning for the command to print, without stack frames. */
export function addWarning(construct: IConstruct, message: string): void {
  construct.node.addMetadata(AnnotationMetadataEntryType.WARN, message);
}

/** Adds a note for the command to print, without stack frames. */
export function addInfo(construct: IConstruct, message: string): void {
  construct.node.addMetadata(AnnotationMetadataEntryType.INFO, message);
}
