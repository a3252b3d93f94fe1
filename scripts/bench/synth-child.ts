import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { App, type TerraformMetaArguments, TerraformProvider, TerraformResource, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type * as rooms from '../../constructs/artifactapi';
import { fieldsOf, type RemoteFields } from './remote-fields';

const load = createRequire(__filename);
const [, , kind = '', count = '0', library = '', work = ''] = process.argv;

/** As the prebuilt providers' classes do it, but with nothing around it. */
class Bare extends TerraformResource {
  constructor(
    scope: Construct,
    id: string,
    private readonly fields: RemoteFields & TerraformMetaArguments,
  ) {
    super(scope, id, { terraformResourceType: 'artifactapi_remote_generic' });
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { ...this.fields };
  }
}

class BareProvider extends TerraformProvider {
  constructor(scope: Construct) {
    super(scope, 'artifactapi', { terraformResourceType: 'artifactapi' });
  }
}

function fill(stack: TerraformStack, n: number): void {
  if (kind === 'bare') {
    new BareProvider(stack);
    for (let index = 0; index < n; index += 1) new Bare(stack, `remote-${index}`, fieldsOf(index));
    return;
  }
  const { ArtifactapiProvider, RemoteGeneric } = load(library) as typeof rooms;
  new ArtifactapiProvider(stack, 'artifactapi', { endpoint: 'https://artifactapi.example.com' });
  for (let index = 0; index < n; index += 1) {
    const { name, base_url: baseUrl, mutable_ttl: mutableTtl, patterns } = fieldsOf(index);
    new RemoteGeneric(stack, `remote-${index}`, { name, baseUrl, mutableTtl, patterns: [...patterns] });
  }
}

const outdir = mkdtempSync(join(work, 'out-'));
if (kind === 'ours') load(library);
const started = performance.now();
const before = process.cpuUsage();
const app = new App({ outdir });
fill(new TerraformStack(app, 'bench'), Number(count));
app.synth();
const wall = performance.now() - started;
const { user, system } = process.cpuUsage(before);
process.stdout.write(JSON.stringify({ wall, cpu: (user + system) / 1000, peak: process.resourceUsage().maxRSS * 1024 }));
rmSync(outdir, { recursive: true, force: true });
