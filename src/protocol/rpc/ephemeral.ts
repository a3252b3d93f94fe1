import type { EphemeralAnswer } from '../../handler/provider';
import type * as wire from '../gen/messages';
import type { Init } from '../wire/codec';
import { toWireDiagnostics } from './diagnostics';

/** The common part of opening and renewing an ephemeral resource. */
export function fromEphemeral({ diagnostics, private: kept, renewAt }: EphemeralAnswer): Init<wire.RenewEphemeralResourceResponse> {
  return { diagnostics: toWireDiagnostics(diagnostics), ...(kept && { private: kept }), ...(renewAt && { renewAt: toTimestamp(renewAt) }) };
}

function toTimestamp(at: Date): Init<wire.Timestamp> {
  const seconds = Math.floor(at.getTime() / 1000);
  return { seconds, nanos: (at.getTime() - seconds * 1000) * 1_000_000 };
}
