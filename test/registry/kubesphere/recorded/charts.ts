import { type Charts, indexOf } from '../../../support/chart-server';

const RICH = `apiVersion: v1
entries:
  rich:
  - name: rich
    version: 1.0.0
    appVersion: "7"
    description: rich <b> & co
    home: https://rich.example.com
    icon: https://rich.example.com/icon.png
    created: "2026-01-02T00:00:00Z"
    digest: one
    maintainers: [{ name: Ann, email: ann@example.com }, { name: Bob, url: https://bob.example.com }]
    urls: [charts/rich-1.0.0.tgz]
  - name: rich
    version: 1.1.0-beta.1
    description: newer
    created: "2026-01-03T00:00:00Z"
    digest: two
    urls: [https://elsewhere.example.com/rich.tgz, second.tgz]
  - name: rich
    version: 1.0.0
    created: "2025-01-02T00:00:00Z"
    digest: older
    urls: [old.tgz]
  - name: rich
    version: 1.10.0+build.7
    created: "2025-06-02T00:00:00Z"
    digest: three
    urls: [b.tgz]
  a-chart-with-a-long-name:
  - name: a-chart-with-a-long-name
    version: 0.1.0
    created: "2026-01-02T00:00:00Z"
    urls: [no-digest.tgz]
  - name: a-chart-with-a-long-name
    version: 0.2.0
    created: "2026-01-01T00:00:00Z"
    urls: [no-digest-2.tgz]
  none: []
`;

/** What stood at the chart server when the answers were recorded, besides what is always there. */
export const recordedCharts: Charts = {
  '/rich': RICH,
  '/two': indexOf({ a: ['1.0.0'], b: ['2.0.0'] }),
  '/list': '- a\n- b\n',
  '/number': '5\n',
  '/bool': 'true\n',
  '/null': 'null\n',
  '/entrieslist': 'apiVersion: v1\nentries: [a]\n',
  '/versionsmap': 'apiVersion: v1\nentries:\n  a: {b: c}\n',
  '/versiontext': 'apiVersion: v1\nentries:\n  a: [b]\n',
  '/tab': 'a:\n\tb: c\n',
  '/dup': 'apiVersion: v1\napiVersion: v2\n',
  '/redirect': (_request, response) => response.writeHead(302, { location: '/good/index.yaml' }).end(),
  '/loop': (_request, response) => response.writeHead(302, { location: '/loop/index.yaml' }).end(),
  '/gone': (_request, response) => response.writeHead(410).end('gone'),
  '/500': (_request, response) => response.writeHead(500).end('broken'),
  '/closed': (request) => request.socket.destroy(),
};
