import { App } from 'cdktf';
import { Clusters, Packages } from './stacks';
import { keepState } from './state/http';

const app = new App();
for (const stack of [new Packages(app, 'packages'), new Clusters(app, 'clusters')]) keepState(stack);
app.synth();
