import type { ListQuery } from '../schema/define/binding';
import { permissionsOf } from '../schema/define/needs';
import type { Check, ResourceDefinition } from '../schema/define/definition';
import type { Diagnostic } from '../common/diagnostic';
import { isKnown, isRecord, type Value, type ValueRecord } from '../common/value';
import { Reader } from '../client/reader';
import type { ProviderDefinition, ServerProof } from '../schema/define/provider';
import { configurationOf } from '../schema/api/configuration';
import { fieldsOf } from '../schema/define/shape';
import type { TerraformProviderSchema } from '../schema/derive/terraform';
import { invokeAction, planAction } from './action';
import { apply } from './apply';
import { admit, admitApply, admitPlan, admitRead, CHECKED, KNOWN, Misfit, PLANNED_CONFIG, STATE } from './door';
import { Catalog, type Compiled } from './compiled';
import { connect, resolveConfiguration, type Surroundings } from './configuration';
import { readDataSource } from './data-source';
import { heldBy } from './delete-guard';
import { ServerContents } from './contents';
import { closeAll, closeEphemeral, openEphemeral, renewEphemeral } from './ephemeral';
import { callFunction } from './functions';
import { toDiagnostic } from './funnel';
import { GoneTogether } from './gone';
import { importState, wantedBy } from './import';
import { checkList, listObjects } from './list-resource';
import { type CrawlMemory, Listing } from './listing';
import { moveState } from './move';
import { plan } from './plan';
import type * as api from './provider';
import { read } from './read';
import { schemasOf } from './schemas';
import { declaredBy } from './serving';
import { type Log, Session } from './session';
import { type Standing, standingOf } from './standing';
import { upgradeIdentity, upgradeState } from './upgrade';
import { refuseWriteOnly, validateChecks, validateFields } from './validate';

/** What the process passes to the handler. */
export interface HandlerOptions extends Surroundings {
  readonly log: Log;
}

/** Answers all requests from core for one provider, for any definition. */
export class ProviderHandler implements api.Provider {
  private readonly session: Session;

  constructor(
    private readonly provider: ProviderDefinition,
    private readonly options: HandlerOptions,
  ) {
    this.session = new Session(new Catalog(provider), options.log);
  }

  schema(): TerraformProviderSchema {
    return schemasOf(this.provider);
  }

  validateProviderConfig({ config }: api.ConfigRequest): Promise<api.Diagnosed> {
    return this.guard(
      'check the provider block',
      () => {
        const fields = fieldsOf(this.provider.attributes);
        // What is missing beside an attribute of the block may come from the environment.
        const { values, variables } = resolveConfiguration(this.provider, admit(fields, config, CHECKED), this.options);
        return { diagnostics: validateFields(fields, values, { path: [], hidden: false, variables }) };
      },
      nothing,
    );
  }

  configure(request: api.ConfigureRequest): Promise<api.Diagnosed> {
    return this.guard('read the provider block', () => this.open(request), nothing);
  }

  validateResource({ type, config, writeOnlyAllowed = true }: api.ValidateResourceRequest): Promise<api.Diagnosed> {
    const validate = (): api.Diagnosed => {
      const compiled = this.session.catalog.resource(type);
      const early = writeOnlyAllowed ? [] : refuseWriteOnly(compiled.fields, config);
      return early.length > 0 ? { diagnostics: early } : this.checked(compiled, config);
    };
    return this.guard(`check ${type}`, validate, nothing);
  }

  validateDataSource({ type, config }: api.TypedConfigRequest): Promise<api.Diagnosed> {
    return this.guard(`check ${type}`, () => this.checked(this.session.catalog.dataSource(type), config), nothing);
  }

  upgradeState(request: api.UpgradeStateRequest): Promise<api.StateAnswer> {
    return this.guard(`upgrade the state of ${request.type}`, () => upgradeState(this.session, request), { state: null });
  }

  read(request: api.ReadRequest): Promise<api.StateAnswer> {
    const kept = { state: request.state, private: request.private, ...(request.identity && { identity: request.identity }) };
    return this.guard(`read ${named(request.type, request.state)}`, () => read(this.session, admitRead(this.session, request)), kept);
  }

  plan(request: api.PlanRequest): Promise<api.PlanAnswer> {
    return this.guard(`plan ${named(request.type, request.config)}`, () => plan(this.session, admitPlan(this.session, request)), {
      // What is planned for a destroy is nothing, whatever failed.
      planned: request.proposed === null ? null : request.prior,
      requiresReplace: [],
    });
  }

  apply(request: api.ApplyRequest): Promise<api.StateAnswer> {
    const kept = { state: request.prior, private: request.private };
    return this.guard(
      `apply ${named(request.type, request.planned ?? request.prior)}`,
      () => apply(this.session, admitApply(this.session, request)),
      kept,
    );
  }

  import(request: api.ImportRequest): Promise<api.ImportAnswer> {
    return this.guard(`import ${request.type} ${wantedBy(request)}`, () => importState(this.session, request), { imported: [] });
  }

  move(request: api.MoveRequest): Promise<api.StateAnswer> {
    return this.guard(`move a ${request.sourceType} to ${request.targetType}`, () => moveState(this.session, request), { state: null });
  }

  upgradeIdentity(request: api.UpgradeIdentityRequest): ReturnType<api.Provider['upgradeIdentity']> {
    return this.guard(`upgrade the identity of ${request.type}`, () => upgradeIdentity(this.session, request), nothing);
  }

  readDataSource(request: api.TypedConfigRequest): ReturnType<api.Provider['readDataSource']> {
    const read = (): ReturnType<typeof readDataSource> => {
      const { fields } = this.session.catalog.dataSource(request.type);
      return readDataSource(this.session, { ...request, config: admit(fields, request.config, KNOWN) });
    };
    return this.guard(`read data source ${request.type}`, read, { state: null });
  }

  validateList({ type, config }: api.TypedConfigRequest): Promise<api.Diagnosed> {
    return this.guard(`check list ${type}`, () => ({ diagnostics: checkList(this.session, { type, config }) }), nothing);
  }

  async *list(request: api.ListRequest): AsyncGenerator<api.ListEvent, void> {
    const doing = `list ${request.type}`;
    try {
      for await (const event of listObjects(this.session, request)) yield this.cleaned(event);
    } catch (thrown) {
      yield this.failed(thrown, { doing, kept: {} });
    }
  }

  generateConfig({ type, state }: api.GenerateRequest): ReturnType<api.Provider['generateConfig']> {
    const generate = (): Awaited<ReturnType<api.Provider['generateConfig']>> => {
      const { fields } = this.session.catalog.resource(type);
      return { config: isRecord(state) ? configurationOf(fields, admit(fields, state, STATE)) : null, diagnostics: [] };
    };
    return this.guard(`generate the configuration of ${named(type, state)}`, generate, { config: null });
  }

  validateEphemeral({ type, config }: api.TypedConfigRequest): Promise<api.Diagnosed> {
    return this.guard(`check ephemeral ${type}`, () => this.checked(this.session.catalog.ephemeral(type), config), nothing);
  }

  openEphemeral(request: api.OpenRequest): Promise<api.OpenAnswer> {
    const open = (): ReturnType<typeof openEphemeral> => {
      const { fields } = this.session.catalog.ephemeral(request.type);
      return openEphemeral(this.session, { ...request, config: admit(fields, request.config, PLANNED_CONFIG) });
    };
    return this.guard(`open ephemeral ${request.type}`, open, { result: null });
  }

  renewEphemeral(request: api.EphemeralRequest): Promise<api.EphemeralAnswer> {
    return this.guard(`renew ephemeral ${request.type}`, () => renewEphemeral(this.session, request), nothing);
  }

  closeEphemeral(request: api.EphemeralRequest): Promise<api.Diagnosed> {
    return this.guard(`close ephemeral ${request.type}`, () => closeEphemeral(this.session, request), nothing);
  }

  validateAction({ type, config }: api.TypedConfigRequest): Promise<api.Diagnosed> {
    return this.guard(`check action ${type}`, () => this.checked(this.session.catalog.action(type), config), nothing);
  }

  planAction(request: api.PlanActionRequest): Promise<api.PlanActionAnswer> {
    return this.guard(`plan action ${request.type}`, () => planAction(this.session, request), nothing);
  }

  invokeAction(request: api.InvokeRequest): Promise<api.Diagnosed> {
    return this.guard(`invoke action ${request.type}`, () => invokeAction(this.session, request), nothing);
  }

  callFunction(request: api.CallRequest): Promise<api.CallAnswer> {
    return Promise.resolve(callFunction(this.provider, request));
  }

  stop(): void {
    this.session.connection?.root.stop();
  }

  end(): Promise<void> {
    return closeAll(this.session);
  }

  /** A listing of what the server has, once the provider is configured; what `memory` has is not asked for again. */
  listing(memory?: CrawlMemory): Listing {
    return new Listing(this.session, memory);
  }

  /** The server's version, once the provider is configured; nothing if the server does not return one, or why it could not be read. */
  async serverVersion(): Promise<string | Diagnostic | undefined> {
    try {
      return await this.session.serverVersion();
    } catch (thrown) {
      return toDiagnostic(thrown, 'read the version of the server');
    }
  }

  /** Where the login has each permission that something needs, as far as the server tells, once the provider is configured. Throws if it fails. */
  async standings(): Promise<readonly Standing[]> {
    const { client } = this.session.connected();
    const all = await Promise.all(permissionsOf(this.provider).map((permission) => standingOf(client, permission)));
    return all.filter((one) => one !== undefined);
  }

  /** Some of what an object holds that its delete would lose, once the provider is configured. Throws if the server cannot tell. */
  held(type: string, query: ListQuery): Promise<readonly string[]> {
    return heldBy(this.session, this.compiled(type), query);
  }

  /** What the server declares to serve in addition to what every server of its kind serves, once the provider is configured. */
  serves(): Promise<readonly string[]> {
    return declaredBy(this.session);
  }

  /** The files that the server has, once the provider is configured. */
  contents(): ServerContents {
    return new ServerContents(this.session);
  }

  /** A resource type with its fields. */
  compiled(type: string): Compiled<ResourceDefinition> {
    return this.session.catalog.resource(type);
  }

  private async open({ config, terraformVersion }: api.ConfigureRequest): Promise<api.Diagnosed> {
    const given = admit(fieldsOf(this.provider.attributes), config, PLANNED_CONFIG);
    this.session.pending = !isKnown(given);
    if (this.session.pending) return { diagnostics: [] };
    const { values, diagnostics, variables } = resolveConfiguration(this.provider, given, this.options);
    if (diagnostics.length > 0) return { diagnostics };
    const opened = await connect(values, {
      provider: this.provider,
      terraformVersion,
      env: this.options.env,
      variables,
      log: this.options.log,
    });
    if (opened.connected)
      this.session.connection = {
        ...opened.connected,
        reader: this.reader(opened.connected.client, values),
        goneTogether: new GoneTogether(),
      };
    return opened;
  }

  private reader(client: ConstructorParameters<typeof Reader>[0], { list_max_age: seconds }: ValueRecord): Reader {
    const { guard } = this.session.catalog;
    const proofs = this.provider.proofs?.map(
      (proof, index): ServerProof =>
        (asking) =>
          guard.later({ name: `proofs[${index}] of the provider ${this.provider.name}` }, () => proof(asking)),
    );
    return new Reader(client, {
      ...(proofs && { proofs }),
      ...(typeof seconds === 'number' && { maxAge: seconds * 1000 }),
      onListFailure: (scope, cause) => this.options.log('warn', 'list failed; reading one by one', { scope, cause: String(cause) }),
    });
  }

  private checked(compiled: Compiled<{ readonly checks?: readonly Check[] }>, config: Value): api.Diagnosed {
    const given = admit(compiled.fields, config, CHECKED);
    this.session.hideFromFaults(compiled.fields, given);
    const problems = validateFields(compiled.fields, given);
    // A check may rely on the types of the attributes.
    return { diagnostics: problems.length > 0 ? problems : validateChecks(compiled, given) };
  }

  /** The answer, with the values of ephemeral resources redacted in its messages. */
  private cleaned<T extends api.Diagnosed>(answer: T): T {
    if (answer.diagnostics.length === 0) return answer;
    const clean = (one: Diagnostic): Diagnostic => ({
      ...one,
      summary: this.session.clean(one.summary),
      detail: this.session.clean(one.detail),
    });
    return { ...answer, diagnostics: answer.diagnostics.map(clean) };
  }

  /** Runs one request; anything it throws becomes a diagnostic, returned with `kept`, so that no state is lost. */
  private async guard<T extends api.Diagnosed>(doing: string, work: () => T | Promise<T>, kept: Omit<T, 'diagnostics'>): Promise<T> {
    try {
      return this.cleaned(await work());
    } catch (thrown) {
      return this.failed<T>(thrown, { doing, kept });
    }
  }

  private failed<T extends api.Diagnosed>(thrown: unknown, { doing, kept }: { doing: string; kept: Omit<T, 'diagnostics'> }): T {
    if (thrown instanceof Misfit) return this.cleaned({ ...kept, diagnostics: thrown.diagnostics } as unknown as T);
    const diagnostic = toDiagnostic(thrown, doing);
    this.options.log('error', diagnostic.summary, { doing: this.session.clean(doing) });
    return this.cleaned({ ...kept, diagnostics: [diagnostic] } as unknown as T);
  }
}

const nothing = {};

function named(type: string, values: Value): string {
  const name = isRecord(values) ? values['name'] : undefined;
  return typeof name === 'string' ? `${type} "${name}"` : type;
}
