import { error } from '../../common/diagnostic';
import type * as wire from '../gen/messages';
import { toWireDiagnostic } from './diagnostics';
import { toText } from './values';

/** The error for state in the format of Terraform 0.11. */
export const NOT_JSON = toWireDiagnostic(
  error(
    'State Is Not JSON',
    'The stored state is empty or in the form of Terraform 0.11. Import the object again: terraform state rm ADDRESS, then terraform import ADDRESS ID.',
  ),
);

/** The JSON of stored state, when it has any. */
export function toJson(state: wire.RawState | undefined): string | undefined {
  return state && state.json.length > 0 ? toText(state.json) : undefined;
}
