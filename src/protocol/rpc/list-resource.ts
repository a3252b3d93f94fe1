import type { ListEvent } from '../../handler/provider';
import * as wire from '../gen/messages';
import type { Init } from '../wire/codec';
import { toWireDiagnostics } from './diagnostics';
import { streaming } from './method';
import { fromIdentity, fromValue, toValue } from './values';

/** Finds objects that exist, and sends each as it is found. */
export const listResource = streaming({
  path: '/tfplugin6.Provider/ListResource',
  request: wire.ListResourceRequest,
  response: wire.ListResourceEvent,
  async handle({ provider }, request, { send, signal }) {
    const events = provider.list({
      type: request.typeName,
      config: toValue(request.config),
      includeObject: request.includeResourceObject,
      limit: Number(request.limit),
      signal,
    });
    for await (const event of events) {
      if (signal.aborted) return;
      await send(toEvent(event));
    }
  },
  failed: (diagnostic) => ({ diagnostic: [diagnostic] }),
});

function toEvent({ found, diagnostics }: ListEvent): Init<wire.ListResourceEvent> {
  return {
    ...(found && { identity: fromIdentity(found.identity), displayName: found.displayName }),
    ...(found?.object && { resourceObject: fromValue(found.object) }),
    diagnostic: toWireDiagnostics(diagnostics),
  };
}
