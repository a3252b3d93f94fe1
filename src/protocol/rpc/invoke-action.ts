import * as wire from '../gen/messages';
import { toWireDiagnostics } from './diagnostics';
import { streaming } from './method';
import { toValue } from './values';

/** Invokes an action: its progress while it runs, and its diagnostics at the end. */
export const invokeAction = streaming({
  path: '/tfplugin6.Provider/InvokeAction',
  request: wire.InvokeActionRequest,
  response: wire.InvokeActionEvent,
  async handle({ provider }, request, { send, signal }) {
    const { diagnostics } = await provider.invokeAction({
      type: request.actionType,
      config: toValue(request.config),
      progress: (message) => void send({ progress: { message } }),
      signal,
    });
    await send({ completed: { diagnostics: toWireDiagnostics(diagnostics) } });
  },
  failed: (diagnostic) => ({ completed: { diagnostics: [diagnostic] } }),
});
