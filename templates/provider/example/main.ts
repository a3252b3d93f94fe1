import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { AcmeProvider, Team } from 'terraform-provider-acme';

const app = new App();
const stack = new TerraformStack(app, 'acme');
new AcmeProvider(stack, 'acme', { endpoint: `http://127.0.0.1:${process.env['PORT'] ?? 8000}` });
const team = new Team(stack, 'core', { name: 'core', description: 'Looks after the core.' });
new TerraformOutput(stack, 'created', { value: team.createdAt });
app.synth();
