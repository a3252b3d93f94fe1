import type { AttributePath, Diagnostic } from '../../common/diagnostic';
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
    attribute: path && path.length > 0 ? toWirePath(path) : undefined,
  };
}

/** An attribute path as the message that carries it. */
export function toWirePath(path: AttributePath): Init<wire.AttributePath> {
  return {
    steps: path.map((step) => {
      if (typeof step === 'string') return { attributeName: step };
      return typeof step === 'number' ? { elementKeyInt: step } : { elementKeyString: step.key };
    }),
  };
}
