import type { Provider } from '../../handler/provider';
import * as wire from '../gen/messages';
import type { Writer } from '../wire/writer';
import type { Init } from '../wire/codec';
import { diagnosed, unary } from './method';
import { encodeProviderSchema } from './schemas';

interface SchemaAnswer {
  /** The whole message, encoded. */
  readonly encoded?: Uint8Array;
  readonly diagnostics: readonly wire.Diagnostic[];
}

const known = new WeakMap<Provider, Buffer>();

/** The schemas of everything, encoded once, for a provider whose answer was not made ahead of time. */
export const getProviderSchema = unary({
  path: '/tfplugin6.Provider/GetProviderSchema',
  request: wire.GetProviderSchemaRequest,
  response: {
    encode({ encoded, diagnostics }: Init<SchemaAnswer>, writer: Writer): void {
      if (encoded) writer.raw(encoded);
      else wire.GetProviderSchemaResponse.encode({ diagnostics }, writer);
    },
  },
  handle: ({ provider }) => ({ encoded: encodeOnce(provider) }),
  failed: diagnosed,
});

function encodeOnce(provider: Provider): Buffer {
  const made = known.get(provider) ?? encodeProviderSchema(provider.schema());
  known.set(provider, made);
  return made;
}
