import { Construct } from 'constructs';
import { LocalRpm, RemoteRpm, Virtual } from 'repoform/artifactapi';

/** Everything in "rpm". */
export class Rpm extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const rpmInternal = new LocalRpm(this, 'rpm-internal', {
      name: 'rpm-internal',
      description: 'Built by our own pipelines',
    });

    const remoteRpm = (name: string, baseUrl: string): RemoteRpm =>
      new RemoteRpm(this, name, { name, baseUrl, mutableTtl: 900 });

    const el9Appstream = remoteRpm('el9-appstream', 'https://mirror.example.com/9/appstream');
    const el9Baseos = remoteRpm('el9-baseos', 'https://mirror.example.com/9/baseos');
    remoteRpm('el9-crb', 'https://mirror.example.com/9/crb');
    const el9Epel = remoteRpm('el9-epel', 'https://mirror.example.com/9/epel');

    new Virtual(this, 'el9', {
      name: 'el9',
      packageType: 'rpm',
      members: [rpmInternal.name, el9Baseos.name, el9Appstream.name, el9Epel.name],
    });
  }
}
