import { isRecord, sameValue, type Value, type ValueRecord } from '../common/value';
import type { Provider } from '../handler/provider';
import type * as wire from '../protocol/gen/messages';
import { pack, unpack } from '../protocol/msgpack';
import type { TerraformAttribute } from '../schema/derive/terraform';
import { hiddenNames, planProblems, proposedNew, resultProblems, stateProblems } from './core-rules';
import { inProcess, type PluginClient } from './in-process';

/** A diagnostic as core got it, with its path as text, e.g. `members[1]`. */
export interface Told {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail: string;
  readonly path?: string;
}

/** One resource instance in the state. */
export interface Instance {
  readonly type: string;
  readonly state: Value;
  readonly private: Uint8Array;
  readonly identity?: Value;
  readonly tainted?: boolean;
}

/** What core makes of a plan. */
export interface Planned {
  readonly type: string;
  readonly action: 'create' | 'update' | 'replace' | 'delete' | 'none';
  readonly prior: Instance | undefined;
  readonly config: Value;
  readonly planned: Value;
  readonly private: Uint8Array;
  readonly identity?: Value;
  /** Names of the attributes that change. */
  readonly changes: readonly string[];
  readonly diagnostics: readonly Told[];
}

/** What came of an apply: the instance now in the state, if any. */
export interface Applied {
  readonly instance: Instance | undefined;
  readonly diagnostics: readonly Told[];
}

/** Terraform broke off because the provider broke one of its rules. */
export class BrokenRule extends Error {}

const none = new Uint8Array(0);
/** A value as a message. */
export const dynamic = (value: Value): { msgpack: Buffer } => ({ msgpack: pack(value) });
/** The value in a message; a missing one is null. */
export const value = (message: wire.DynamicValue | undefined): Value =>
  message && message.msgpack.length > 0 ? unpack(message.msgpack) : null;
/** Whether an error is among diagnostics. */
export const failed = (told: readonly Told[]): boolean => told.some(({ severity }) => severity === 'error');

/** A small model of Terraform core: it plans, applies, refreshes and imports through the protocol, and enforces core's rules. */
export class Core {
  readonly client: PluginClient;

  constructor(readonly provider: Provider) {
    this.client = inProcess(provider);
  }

  /** The top-level attributes of a resource type. */
  attributes(type: string): readonly TerraformAttribute[] {
    const schema = this.provider.schema().resources[type];
    if (!schema) throw new Error(`no schema for ${type}`);
    return schema.block.attributes;
  }

  async configure(config: ValueRecord): Promise<Told[]> {
    const whole = complete(this.provider.schema().provider.block.attributes, config);
    const checked = told((await this.client.call('ValidateProviderConfig', { config: dynamic(whole) })).diagnostics);
    if (failed(checked)) return checked;
    const answer = await this.client.call('ConfigureProvider', { terraformVersion: '1.11.4', config: dynamic(whole) });
    return [...checked, ...told(answer.diagnostics)];
  }

  async validate(type: string, config: ValueRecord): Promise<Told[]> {
    const answer = await this.client.call('ValidateResourceConfig', {
      typeName: type,
      config: dynamic(complete(this.attributes(type), config)),
      clientCapabilities: { writeOnlyAttributesAllowed: true },
    });
    return told(answer.diagnostics);
  }

  /** Plans a change; without a configuration a destroy. */
  async plan(type: string, config: ValueRecord | null, prior?: Instance): Promise<Planned> {
    const whole = config && complete(this.attributes(type), config);
    if (whole) {
      const diagnostics = await this.validate(type, whole);
      if (failed(diagnostics)) return refusedPlan(type, { config: whole, prior, diagnostics });
    }
    const first = await this.planOnce(type, whole, prior);
    if (failed(first.diagnostics) || whole === null || !prior) return first;
    if (prior.tainted || first.action === 'replace') {
      const anew = await this.planOnce(type, whole, undefined);
      // Core shows what both plans say, and each of it once.
      const said = new Map([...first.diagnostics, ...anew.diagnostics].map((one) => [JSON.stringify(one), one]));
      return { ...anew, action: 'replace', prior, changes: first.changes, diagnostics: [...said.values()] };
    }
    return first;
  }

  /** Applies a plan, the values that were unknown in it now known from `config`. */
  async apply(plan: Planned, config?: ValueRecord): Promise<Applied> {
    if (plan.action === 'none') return { instance: plan.prior, diagnostics: [] };
    const whole = config ? complete(this.attributes(plan.type), config) : plan.config;
    if (plan.action === 'delete') return this.destroy(plan.type, plan.prior as Instance);
    if (plan.action !== 'replace') return this.write(plan, whole, plan.prior);
    const destroyed = await this.destroy(plan.type, plan.prior as Instance);
    if (destroyed.instance) return destroyed;
    return this.write(plan, whole, undefined);
  }

  /** Plans and applies; what either says. */
  async ensure(type: string, config: ValueRecord, prior?: Instance): Promise<Applied> {
    const plan = await this.plan(type, config, prior);
    if (failed(plan.diagnostics)) return { instance: prior, diagnostics: plan.diagnostics };
    return this.apply(plan);
  }

  /** Reads an instance anew, after bringing its stored form up to date as core does on each run. */
  async refresh(instance: Instance): Promise<{ instance: Instance | undefined; drift: string[]; diagnostics: Told[] }> {
    const upgraded = await this.client.call('UpgradeResourceState', {
      typeName: instance.type,
      version: this.version(instance.type),
      rawState: { json: Buffer.from(JSON.stringify(instance.state)) },
    });
    const current = value(upgraded.upgradedState);
    if (!sameValue(current, instance.state))
      throw new BrokenRule(
        `upgrading the state of the same version changed it: ${JSON.stringify(instance.state)} to ${JSON.stringify(current)}`,
      );
    const answer = await this.client.call('ReadResource', {
      typeName: instance.type,
      currentState: dynamic(current),
      private: instance.private,
      ...identityData(instance.identity),
    });
    const state = value(answer.newState);
    this.check(stateProblems(this.attributes(instance.type), state), `${instance.type}, read`);
    const diagnostics = told(answer.diagnostics);
    const next = state === null ? undefined : { ...instance, state, private: answer.private, ...identityOf(answer.newIdentity) };
    return { instance: next, drift: changed(instance.state, state), diagnostics };
  }

  async import(type: string, id: string, identity?: ValueRecord): Promise<Applied> {
    const answer = await this.client.call('ImportResourceState', { typeName: type, id, ...identityData(identity) });
    const [imported] = answer.importedResources;
    const diagnostics = told(answer.diagnostics);
    if (!imported) return { instance: undefined, diagnostics };
    const read = await this.refresh({ type, state: value(imported.state), private: imported.private, ...identityOf(imported.identity) });
    return { instance: read.instance, diagnostics: [...diagnostics, ...read.diagnostics] };
  }

  private async planOnce(type: string, config: Value, prior: Instance | undefined): Promise<Planned> {
    const before = prior?.state ?? null;
    const answer = await this.client.call('PlanResourceChange', {
      typeName: type,
      priorState: dynamic(before),
      proposedNewState: dynamic(config === null ? null : proposedNew(this.attributes(type), before, config)),
      config: dynamic(config),
      priorPrivate: prior?.private ?? none,
      ...(prior?.identity !== undefined && { priorIdentity: { identityData: dynamic(prior.identity) } }),
    });
    const diagnostics = told(answer.diagnostics);
    const planned = value(answer.plannedState);
    if (answer.legacyTypeSystem) throw new BrokenRule('the legacy type system is not allowed');
    if (config !== null && !failed(diagnostics))
      this.check(planProblems(this.attributes(type), { prior: before, config, planned }), `${type}, plan`);
    if (config === null && planned !== null) throw new BrokenRule('a destroy must be planned as null');
    const changes = changed(before, planned);
    const replaces = answer.requiresReplace.some(({ steps }) => changes.includes(steps[0]?.attributeName ?? ''));
    const action = config === null ? 'delete' : !prior ? 'create' : changes.length === 0 ? 'none' : replaces ? 'replace' : 'update';
    return {
      type,
      action,
      prior,
      config,
      planned,
      private: answer.plannedPrivate,
      changes,
      diagnostics,
      ...identityOf(answer.plannedIdentity),
    };
  }

  private async write(plan: Planned, config: Value, prior: Instance | undefined): Promise<Applied> {
    const again = await this.planOnce(plan.type, config, prior);
    if (failed(again.diagnostics)) return { instance: prior, diagnostics: again.diagnostics };
    const hidden = hiddenNames(this.attributes(plan.type));
    this.check(resultProblems(plan.planned, again.planned, { hidden }), `${plan.type}, second plan`);
    const answer = await this.client.call('ApplyResourceChange', {
      typeName: plan.type,
      priorState: dynamic(prior?.state ?? null),
      plannedState: dynamic(again.planned),
      config: dynamic(config),
      plannedPrivate: again.private,
      ...(again.identity !== undefined && { plannedIdentity: { identityData: dynamic(again.identity) } }),
    });
    const state = value(answer.newState);
    const diagnostics = told(answer.diagnostics);
    const step = `${plan.type}, ${prior ? 'update' : 'create'}`;
    this.check(stateProblems(this.attributes(plan.type), state), step);
    if (!failed(diagnostics)) this.check(resultProblems(again.planned, state, { hidden }), step);
    if (state === null && !failed(diagnostics)) throw new BrokenRule('an apply without an error must give a state');
    const instance = {
      type: plan.type,
      state,
      private: answer.private,
      ...identityOf(answer.newIdentity),
      ...(!prior && failed(diagnostics) && { tainted: true }),
    };
    return { instance: state === null ? undefined : instance, diagnostics };
  }

  private async destroy(type: string, prior: Instance): Promise<Applied> {
    const answer = await this.client.call('ApplyResourceChange', {
      typeName: type,
      priorState: dynamic(prior.state),
      plannedState: dynamic(null),
      config: dynamic(null),
      plannedPrivate: prior.private,
    });
    const state = value(answer.newState);
    const diagnostics = told(answer.diagnostics);
    if (state !== null && !failed(diagnostics)) throw new BrokenRule('a delete without an error must give no state');
    return { instance: state === null ? undefined : { ...prior, state, private: answer.private }, diagnostics };
  }

  private version(type: string): number {
    return this.provider.schema().resources[type]?.version ?? 0;
  }

  private check(problems: readonly string[], step: string): void {
    if (problems.length > 0) throw new BrokenRule(`${step}: ${problems.join('; ')}`);
  }
}

function refusedPlan(
  type: string,
  { config, prior, diagnostics }: { config: Value; prior: Instance | undefined; diagnostics: Told[] },
): Planned {
  return { type, action: 'none', prior, config, planned: null, private: none, changes: [], diagnostics };
}

/** A configuration as core decodes it: every attribute is there, those not written are null. */
export function complete(attributes: readonly TerraformAttribute[], config: ValueRecord): ValueRecord {
  const extra = Object.keys(config).filter((name) => !attributes.some((attribute) => attribute.name === name));
  if (extra.length > 0) throw new Error(`unknown attributes: ${extra.join(', ')}`);
  return Object.fromEntries(
    attributes.map(({ name, nestedType }) => {
      const given = config[name] ?? null;
      if (!nestedType || given === null || typeof given !== 'object') return [name, given];
      const inner = (item: Value): Value => (isRecord(item) ? complete(nestedType.attributes, item) : item);
      if (nestedType.nesting === 'single') return [name, inner(given)];
      if (Array.isArray(given)) return [name, (given as readonly Value[]).map(inner)];
      return [name, isRecord(given) ? Object.fromEntries(Object.entries(given).map(([key, item]) => [key, inner(item)])) : given];
    }),
  );
}

/** Names of the top-level attributes that two objects differ in. */
export function changed(before: Value, after: Value): string[] {
  const names = new Set([...Object.keys(isRecord(before) ? before : {}), ...Object.keys(isRecord(after) ? after : {})]);
  const at = (values: Value, name: string): Value => (isRecord(values) ? (values[name] ?? null) : null);
  return [...names].filter((name) => !sameValue(at(before, name), at(after, name)));
}

/** Diagnostics as core got them. */
export function told(diagnostics: readonly wire.Diagnostic[]): Told[] {
  return diagnostics.map(({ severity, summary, detail, attribute }) => ({
    severity: severity === 1 ? 'error' : 'warning',
    summary,
    detail,
    ...(attribute && { path: pathText(attribute) }),
  }));
}

function pathText({ steps }: wire.AttributePath): string {
  return steps
    .map(({ attributeName, elementKeyString, elementKeyInt }, i) => {
      if (attributeName !== undefined) return i === 0 ? attributeName : `.${attributeName}`;
      return elementKeyString !== undefined ? `["${elementKeyString}"]` : `[${String(elementKeyInt)}]`;
    })
    .join('');
}

const identityOf = (data: wire.ResourceIdentityData | undefined): { identity?: Value } =>
  data?.identityData ? { identity: value(data.identityData) } : {};
function identityData(identity: Value | undefined): { currentIdentity?: object; identity?: object } {
  if (identity === undefined) return {};
  const data = { identityData: dynamic(identity) };
  return { currentIdentity: data, identity: data };
}
