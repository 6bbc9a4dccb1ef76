// What runs it elsewhere: the image, the compose file, the systemd unit and the Kubernetes example. None of them can be started
// here, so what they say is held against what there is: settings, files, and the time that a stop takes.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { parseConfig, settingNames } from '../src/config/config.ts';
import { endDeadlineMs } from '../src/shutdown.ts';

const textOf = (path: string) => readFileSync(path, 'utf8');

/** `NAME=value` pairs. */
const pairs = (list: readonly string[]) =>
  Object.fromEntries(list.map((pair) => [pair.replace(/=.*/, ''), pair.replace(/^[^=]*=/, '')]));

/** The instructions of the Dockerfile, each on one line. */
const dockerfile = textOf('Dockerfile')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => ({ name: line.replace(/ .*/, ''), rest: line.replace(/^\S+\s+/, '') }));
const image = dockerfile.slice(dockerfile.map(({ name }) => name).lastIndexOf('FROM'));
const imageHas = (name: string) => image.find((instruction) => instruction.name === name)?.rest ?? '';
const imageEnv = pairs(imageHas('ENV').split(' '));

interface ComposeService {
  environment: Record<string, string | number>;
  secrets: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: object;
  ports?: string[];
  image: string;
  mem_limit?: string;
  stop_grace_period: string;
  read_only?: boolean;
  cap_drop: string[];
}
const compose = parse(textOf('compose.yaml')) as {
  services: { dialgraph: ComposeService; postgres: ComposeService };
  secrets: Record<string, object>;
};
const composed = compose.services.dialgraph;

const unit = textOf('ops/dialgraph.service').split('\n');
/** Every value that the unit gives a directive. */
const unitHas = (name: string) =>
  unit.filter((line) => line.startsWith(`${name}=`)).map((line) => line.slice(name.length + 1));
const unitEnv = pairs(unitHas('Environment'));

type Labels = Record<string, string>;
interface Probe {
  httpGet: { path: string; port: string };
}
interface Container {
  env: { name: string; value?: string; valueFrom?: object }[];
  ports: { name: string; containerPort: number }[];
  startupProbe: Probe;
  readinessProbe: Probe;
  livenessProbe: Probe;
  resources: { limits: { memory: string } };
  image: string;
  securityContext: object;
  volumeMounts: { name: string; mountPath: string }[];
}
interface Pod {
  metadata: { labels: Labels };
  spec: {
    terminationGracePeriodSeconds: number;
    securityContext: object;
    containers: Container[];
    volumes: { name: string; secret: { defaultMode: number; items: { path: string }[] } }[];
  };
}
const kubernetes = parseAllDocuments(textOf('ops/kubernetes.yaml')).map(
  (document) => document.toJS() as { kind: string; spec: object },
);
const specOf = <Spec>(wanted: string) => kubernetes.find(({ kind }) => kind === wanted)?.spec as Spec;
const deployment = specOf<{ replicas: number; selector: { matchLabels: Labels }; template: Pod }>(
  'Deployment',
);
const pod = deployment.template.spec;
const [container] = pod.containers as [Container];
const podEnv = Object.fromEntries(container.env.map(({ name, value = '' }) => [name, value]));

describe('what runs it elsewhere', () => {
  it.each([
    ['Dockerfile', imageEnv],
    ['compose.yaml', composed.environment],
    ['ops/dialgraph.service', unitEnv],
    ['ops/kubernetes.yaml', podEnv],
  ])('has settings that there are: %s', (_, env) => {
    const names = Object.keys(env).filter((name) => !name.startsWith('NODE_'));
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) expect(settingNames).toContain(name);
  });

  const megabytes = (text: string | undefined) => Number(/^(\d+)(m|M|Mi)$/.exec(text ?? '')?.[1]);
  it.each([
    ['compose.yaml', composed.environment, composed.mem_limit],
    ['ops/dialgraph.service', unitEnv, unitHas('MemoryMax')[0]],
    ['ops/kubernetes.yaml', podEnv, container.resources.limits.memory],
  ] as const)('has memory that ends, and a heap that ends before it: %s', (_, { NODE_OPTIONS }, limit) => {
    const heap = Number(/^--max-old-space-size=(\d+)$/.exec(String(NODE_OPTIONS))?.[1]);
    expect(megabytes(limit)).toBe(768);
    // Buffers, two threads' stacks and code are beside the heap.
    expect(heap).toBeLessThanOrEqual(megabytes(limit) - 256);
    expect(heap).toBeGreaterThanOrEqual(512);
  });

  it('has metrics, which Prometheus reaches and callers do not', () => {
    const { METRICS_PORT: port } = composed.environment;
    expect(composed.ports).toContain(`127.0.0.1:${port}:${port}`);
    for (const published of composed.ports ?? []) expect(published).toMatch(/^127\.0\.0\.1:/);
    expect(Number(unitEnv.METRICS_PORT)).toBeGreaterThan(0);
    expect(unitEnv).not.toHaveProperty('METRICS_HOST');
    const metrics = container.ports.find(({ name }) => name === 'metrics');
    expect(metrics?.containerPort).toBe(Number(podEnv.METRICS_PORT));
    const policy = specOf<{
      podSelector: { matchLabels: Labels };
      policyTypes: string[];
      ingress: { from: { namespaceSelector: { matchLabels: Labels } }[]; ports: { port: string }[] }[];
    }>('NetworkPolicy');
    expect(policy.podSelector.matchLabels).toEqual(deployment.template.metadata.labels);
    expect(policy.policyTypes).toEqual(['Ingress']);
    // Each port for one namespace, and none for everybody.
    const allowed = policy.ingress.map(({ from, ports }) => [
      ports.map(({ port }) => port),
      from.map(({ namespaceSelector }) => Object.values(namespaceSelector.matchLabels)),
    ]);
    expect(allowed).toEqual([
      [['http'], [['ingress-nginx']]],
      [['metrics'], [['monitoring']]],
    ]);
  });

  it('names images by their whole version, and no digest that nobody looked up', () => {
    const args = dockerfile.filter(({ name }) => name === 'ARG').map(({ rest }) => rest.replace(/^\w+=/, ''));
    const froms = dockerfile.filter(({ name }) => name === 'FROM').map(({ rest }) => rest.replace(/ .*/, ''));
    for (const from of froms) expect(from).toMatch(/^\$\{NODE_IMAGE\}$/);
    for (const name of [...args, compose.services.postgres.image, container.image])
      expect(name).toMatch(/^[\w./-]+:\d+\.\d+(\.\d+)?(-\w+)?(@sha256:[0-9a-f]{64})?$/);
  });

  const seconds = (text: string | undefined) => Number(/^(\d+)s?$/.exec(text ?? '')?.[1]);
  it.each([
    ['compose.yaml', composed.environment, seconds(composed.stop_grace_period)],
    ['ops/dialgraph.service', unitEnv, seconds(unitHas('TimeoutStopSec')[0])],
    ['ops/kubernetes.yaml', podEnv, pod.terminationGracePeriodSeconds],
  ])('leaves a stop its time: %s', (_, { DRAIN_MS }, graceSeconds) => {
    const { timeoutMs } = parseConfig({}).dialer;
    expect(graceSeconds * 1000).toBeGreaterThan(endDeadlineMs({ drainMs: Number(DRAIN_MS), timeoutMs }));
  });
});

describe('the image', () => {
  /** JSON, as only the exec form is: a shell between would keep the signals to itself. */
  const entrypoint = JSON.parse(imageHas('ENTRYPOINT')) as string[];
  const [, ...healthcheck] = JSON.parse(imageHas('HEALTHCHECK').replace(/^.*? CMD /, '')) as string[];

  it('starts a file that the build makes, as somebody who is not root', () => {
    const [program, file = '', ...more] = entrypoint;
    expect([program, dirname(file), more]).toEqual(['node', '/app/dist', []]);
    expect(existsSync(join(dirname(inject('app')), file.replace('/app/dist/', '')))).toBe(true);
    expect(imageHas('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  it('is built of files that are there, and that the builder is sent', () => {
    const sent = textOf('.dockerignore').split('\n');
    expect(sent).toContain('*');
    const copied = dockerfile.filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from='));
    const sources = copied.flatMap(({ rest }) => rest.split(' ').slice(0, -1));
    expect(sources).toContain('src');
    for (const source of sources) {
      expect(existsSync(source), source).toBe(true);
      expect(sent).toContain(`!${source}`);
    }
  });

  it.each([
    [200, 0],
    [503, 1],
    [null, 1],
  ])('is healthy by what /healthz says: %s', async (status, code) => {
    const asked: (string | undefined)[] = [];
    const server = createServer(({ url }, res) => {
      asked.push(url);
      res.writeHead(status ?? 500).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    onTestFinished(() => void server.close());
    if (status === null) await new Promise((resolve) => server.close(resolve));
    const child = spawn(process.execPath, healthcheck, { env: { PORT: String(port) }, stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([code, null]);
    expect(asked).toEqual(status === null ? [] : ['/healthz']);
  });
});

describe('the compose file', () => {
  it('lets Dialgraph write nowhere, and keeps secrets in files that there are', () => {
    expect(composed).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    for (const { secrets } of Object.values(compose.services))
      for (const secret of secrets) expect(Object.keys(compose.secrets)).toContain(secret);
    const files = Object.values(composed.environment).filter((value) => String(value).startsWith('/run/'));
    expect(files).toHaveLength(2);
    for (const file of files) expect(composed.secrets).toContain(String(file).replace('/run/secrets/', ''));
  });

  it('waits for a database that is well', () => {
    expect(composed.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
    expect(compose.services.postgres.healthcheck).toBeDefined();
  });
});

describe('the Kubernetes example', () => {
  it('runs two replicas, of which one is always there', () => {
    expect(deployment.replicas).toBe(2);
    const budget = specOf<{ minAvailable: number; selector: { matchLabels: Labels } }>('PodDisruptionBudget');
    expect(budget.minAvailable).toBe(1);
    const service = specOf<{ selector: Labels; ports: { targetPort: string }[] }>('Service');
    const { labels } = deployment.template.metadata;
    for (const selector of [deployment.selector.matchLabels, budget.selector.matchLabels, service.selector])
      expect(selector).toEqual(labels);
    expect(service.ports.map(({ targetPort }) => targetPort)).toEqual(['http']);
  });

  it('asks the port that is served', () => {
    expect(container.ports[0]).toEqual({ name: 'http', containerPort: parseConfig({}).port });
    expect(imageHas('EXPOSE')).toBe(String(parseConfig({}).port));
    const { startupProbe, readinessProbe, livenessProbe } = container;
    expect([startupProbe, readinessProbe, livenessProbe].map(({ httpGet }) => httpGet)).toEqual([
      { path: '/healthz', port: 'http' },
      { path: '/readyz', port: 'http' },
      { path: '/healthz', port: 'http' },
    ]);
  });

  it('is admitted where the restricted standard is enforced', () => {
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('has its secrets in files that nobody else reads', () => {
    const [volume] = pod.volumes;
    const [mount] = container.volumeMounts;
    expect(mount?.name).toBe(volume?.name);
    expect(volume?.secret.defaultMode).toBe(0o440);
    const mounted = volume?.secret.items.map(({ path }) => `${mount?.mountPath}/${path}`);
    const files = Object.values(podEnv).filter((value) => value.startsWith('/'));
    expect(files).toHaveLength(2);
    for (const file of files) expect(mounted).toContain(file);
  });
});

/** Of the Debian package prometheus, say. */
const promtool = (process.env.PATH ?? '')
  .split(delimiter)
  .map((place) => join(place, 'promtool'))
  .find((file) => existsSync(file));

describe.skipIf(promtool === undefined)('the alert rules', () => {
  it.each([
    ['are rules', ['check', 'rules', 'ops/alerts.yml']],
    ['speak when they should, and only then', ['test', 'rules', 'test/alerts.yaml']],
  ])(
    '%s',
    async (_, parameters) => {
      const { stdout } = await promisify(execFile)(promtool ?? '', parameters);
      expect(stdout).toContain('SUCCESS');
    },
    60_000,
  );
});

describe('the tests of the alert rules', () => {
  it('have every rule that speaks of what a process tells of itself', () => {
    const rules = [...textOf('ops/alerts.yml').matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
    const tested = new Set(
      [...textOf('test/alerts.yaml').matchAll(/alertname: (\w+)/g)].map(([, name]) => name),
    );
    for (const name of tested) expect(rules).toContain(name);
    expect(tested.size).toBeGreaterThan(12);
  });
});
