import * as z from 'zod';
import { textOrNull } from './body';
import { checkSettings, invalid } from './parameter-checks';
import { type Configuration } from './model';
import { problem } from './problem';

const settings = z.record(z.string(), z.unknown()).default(() => ({}));

const hook = z.object({
  url: z.string(),
  headers: z
    .record(z.string(), z.string())
    .nullish()
    .transform((value) => value ?? {}),
});
const webHook = z.object({ webHookList: z.array(hook).default(() => []) }).default(() => ({ webHookList: [] }));

const networkProxy = z.object({ host: z.string(), port: z.int(), username: textOrNull, password: textOrNull });
const network = z
  .object({
    proxy: networkProxy.nullish().transform((value) => value ?? null),
    connectTimeout: z.int().default(10_000),
    readTimeout: z.int().default(10_000),
  })
  .default(() => ({ proxy: null, connectTimeout: 10_000, readTimeout: 10_000 }));
const cache = z
  .object({ enabled: z.boolean().default(true), expiration: z.int().default(-1) })
  .default(() => ({ enabled: true, expiration: -1 }));
const channel = z.object({
  public: z.boolean().default(false),
  name: z.string(),
  url: z.string(),
  credentialKey: textOrNull,
  username: textOrNull,
  password: textOrNull,
});

const EMPTY_CHANNEL = { public: false, name: '', url: '', credentialKey: null, username: null, password: null };
const CLASSES = {
  local: z.object({ settings, webHook }),
  remote: z.object({
    settings,
    url: z.string().default(''),
    credentials: z
      .object({ username: textOrNull, password: textOrNull, credentialKey: textOrNull })
      .default(() => ({ username: null, password: null, credentialKey: null })),
    network,
    cache,
  }),
  virtual: z.object({ settings, repositoryList: z.array(z.object({ projectId: z.string(), name: z.string() })).default(() => []) }),
  composite: z.object({
    settings,
    webHook,
    proxy: z
      .object({ channelList: z.array(channel).default(() => []), network, cache })
      .default(() => ({ channelList: [], network: network.parse(undefined), cache: cache.parse(undefined) })),
  }),
  proxy: z.object({ settings, webHook, proxy: channel.default(() => EMPTY_CHANNEL), url: textOrNull }),
};
/** Labels of a name, of which there have to be two, as a host has them. */
const LABELS = /^(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z\d](?:[a-z\d-]*[a-z\d])?\.?$/i;
type ClassName = keyof typeof CLASSES;

/** A proxy channel as a configuration holds it. */
export type Channel = z.infer<typeof channel>;

/** A configuration in a body: without a known type it is a local one. */
export const configuration = z.record(z.string(), z.unknown()).transform((value, check): Configuration => {
  const type = classOf(value['type']);
  const result = CLASSES[type].safeParse(value);
  if (result.success) return { type, ...result.data };
  check.addIssue({ code: 'custom', message: 'does not fit its type' });
  return z.NEVER;
});

/** The configuration of a repository created without one. */
export function defaultConfiguration(category: string): Configuration {
  const type = classOf(category.toLowerCase());
  return { type, ...CLASSES[type].parse({}) };
}

/** Refuses a configuration of another class than a category's, or one whose settings are wrong. */
export function checkConfiguration(value: Configuration, category: string): void {
  if (value.type !== category.toLowerCase()) throw invalid('configuration');
  checkSettings(value);
}

/** The proxy channels of a configuration. */
export function channelsOf(value: Configuration): readonly Channel[] {
  return value.type === 'composite' ? (value as unknown as { proxy: { channelList: Channel[] } }).proxy.channelList : [];
}

/** The URL of a channel with the scheme that is added when there is none. */
export function channelUrl(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `http://${url}`;
}

function classOf(type: unknown): ClassName {
  return typeof type === 'string' && Object.hasOwn(CLASSES, type) ? (type as ClassName) : 'local';
}

/** Refuses channels that no upstream can stand behind; a real server looks at them last. */
export function checkChannels(value: Configuration): void {
  const channels = channelsOf(value);
  for (const { name, url } of channels) {
    if (name.trim() === '') throw problem('PARAMETER_EMPTY', 'Parameter [name] should not be empty');
    if (url.trim() === '') throw problem('PARAMETER_EMPTY', 'Parameter [url] should not be empty');
    if (!isPublicUrl(url)) throw invalid('url');
  }
  if (new Set(channels.map(({ name }) => name)).size !== channels.length) throw invalid('channelList');
}

/** Whether a URL has a host of several labels, or an address of IPv4; whether its port is one is not looked at. */
function isPublicUrl(url: string): boolean {
  const [, host = ''] = /^https?:\/\/(?:[^/?#@\s]*@)?([^/?#:@\s]+)(?::\d{1,5})?(?:[/?#]\S*)?$/i.exec(channelUrl(url)) ?? [];
  return LABELS.test(host);
}
