import { type AttributePath, type Diagnostic, ELEMENT, type PathStep } from '../../common/diagnostic';
import * as wire from '../gen/messages';
import type { Init } from '../wire/codec';

/** Diagnostics as the messages that carry them. */
export function toWireDiagnostics(diagnostics: readonly Diagnostic[]): readonly Init<wire.Diagnostic>[] {
  return diagnostics.map(toWireDiagnostic);
}

/** One diagnostic as the message that carries it. */
export function toWireDiagnostic({ severity, summary, detail, path }: Diagnostic): Init<wire.Diagnostic> {
  return {
    severity: severity === 'error' ? wire.DiagnosticSeverity.ERROR : wire.DiagnosticSeverity.WARNING,
    summary,
    detail,
    attribute: path && path.length > 0 ? toWirePath(findable(path)) : undefined,
  };
}

/**
 * What core finds in a configuration: an attribute, or an element of it. Of a longer path it takes the last name for one of the
 * attributes outside, so that `proxy.url` would point at `url`; the message names the rest.
 */
function findable(path: AttributePath): AttributePath {
  const [attribute, element] = path;
  return path.slice(0, typeof attribute === 'string' && isElement(element) ? 2 : 1);
}

const isElement = (step: PathStep | undefined): boolean => typeof step === 'number' || (typeof step === 'object' && 'key' in step);

/** An attribute path as the message that carries it, up to the first set: core has no step into one. */
export function toWirePath(path: AttributePath): Init<wire.AttributePath> {
  const set = path.indexOf(ELEMENT);
  const told = (set < 0 ? path : path.slice(0, set)) as readonly Exclude<PathStep, typeof ELEMENT>[];
  return {
    steps: told.map((step) => {
      if (typeof step === 'string') return { attributeName: step };
      return typeof step === 'number' ? { elementKeyInt: step } : { elementKeyString: step.key };
    }),
  };
}
