import { isJsonObject, type Json, type JsonObject, listOf, textOf } from '../../../schema/define';
import { decodeSettings, encodeSettings } from './settings';

const secret = 'password';

/** The configuration of a repository, as the server gives it. */
export function configurationOf(object: JsonObject | undefined): JsonObject {
  return isJsonObject(object?.configuration) ? object.configuration : {};
}

/** A repository as its definition has it. The passwords that the server tells in clear stay behind. */
export function decode(entry: JsonObject): JsonObject {
  const { settings, ...configuration } = configurationOf(entry);
  return { ...entry, configuration: withoutSecrets(configuration), ...decodeSettings(settings) };
}

function withoutSecrets(json: JsonObject): JsonObject {
  const clean = (value: Json | undefined): Json => {
    if (Array.isArray(value)) return value.map(clean);
    return isJsonObject(value) ? withoutSecrets(value) : (value ?? null);
  };
  return Object.fromEntries(Object.entries(json).flatMap(([key, value]) => (key === secret ? [] : [[key, clean(value)]])));
}

/** The passwords that the server tells. */
export function secretsIn(json: Json | undefined): string[] {
  if (Array.isArray(json)) return json.flatMap(secretsIn);
  if (!isJsonObject(json)) return [];
  return Object.entries(json).flatMap(([key, value]) =>
    key === secret && textOf(value) !== undefined ? [value as string] : secretsIn(value),
  );
}

/**
 * The body of a write. An update replaces the whole configuration, so it is always sent whole: a password that the configuration
 * does not manage is the one that the server has.
 *
 * @param type what the server calls the configuration
 * @param before the server's configuration; empty for a create
 */
export function encode(body: JsonObject, type: string, before: JsonObject): JsonObject {
  const { settings, extraSettings, channelPasswords, ...fields } = body;
  const own = withChannelPasswords(configurationOf(body), channelPasswords);
  return {
    ...fields,
    configuration: {
      ...withSecretsOf(before, withoutEmpty(own)),
      type,
      settings: encodeSettings(settings, extraSettings, before.settings),
    },
  };
}

/** Where passwords are managed, a channel without one has none. */
function withChannelPasswords(configuration: JsonObject, passwords: Json | undefined): JsonObject {
  const { proxy } = configuration;
  if (!isJsonObject(passwords) || !isJsonObject(proxy) || !Array.isArray(proxy.channelList)) return configuration;
  const channels = listOf(proxy.channelList);
  const known = new Map(Object.entries(passwords));
  return {
    ...configuration,
    proxy: { ...proxy, channelList: channels.map((channel) => ({ ...channel, [secret]: known.get(textOf(channel.name) ?? '') ?? null })) },
  };
}

/** Texts that are not set are `null` here; a proxy server without a host is none. */
function withoutEmpty(object: JsonObject): JsonObject {
  const clean = (value: Json | undefined): Json => {
    if (Array.isArray(value)) return value.map(clean);
    return isJsonObject(value) ? withoutEmpty(value) : value === '' ? null : (value ?? null);
  };
  const entries = Object.entries(object).map(([key, value]): [string, Json] => [key, clean(value)]);
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key,
      key === 'proxy' && isJsonObject(value) && 'password' in value && Object.keys(value).length === 1 ? null : value,
    ]),
  );
}

/** `own` with the passwords of `before` where it says nothing of them. */
function withSecretsOf(before: JsonObject, own: JsonObject): JsonObject {
  const entries = Object.entries(own).map(([key, value]): [string, Json] => {
    const old = before[key];
    if (isJsonObject(value) && isJsonObject(old)) return [key, withSecretsOf(old, value)];
    if (!Array.isArray(value) || !Array.isArray(old)) return [key, value ?? null];
    const named = new Map(listOf(old).map((item) => [item.name, item]));
    return [key, value.map((item: Json) => (isJsonObject(item) ? withSecretsOf(named.get(item.name) ?? {}, item) : item))];
  });
  const kept = secret in own || !(secret in before) ? {} : { [secret]: before[secret] ?? null };
  return { ...Object.fromEntries(entries), ...kept };
}
