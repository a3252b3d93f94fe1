import { App } from 'cdktf';
import { Packages } from './packages';

const app = new App();
new Packages(app, 'packages');
app.synth();
