import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { ApiKey, CrewProvider, Member, Team } from 'terraform-provider-crew';

const app = new App();
const stack = new TerraformStack(app, 'crew');
new CrewProvider(stack, 'crew', { endpoint: process.env['CREW_ENDPOINT'] ?? 'http://127.0.0.1:8000' });

const team = new Team(stack, 'core', { name: 'core', description: 'Looks after the core.', channels: ['#core'] });
for (const [name, role] of Object.entries({ ada: 'maintainer', grace: 'member' }))
  new Member(stack, name, { team: team.name, email: `${name}@example.com`, role });
const key = new ApiKey(stack, 'ci', { team: team.name, name: 'ci', note: 'For the build.' });

new TerraformOutput(stack, 'created', { value: team.createdAt });
new TerraformOutput(stack, 'ci_key', { value: key.secret, sensitive: true });
app.synth();
