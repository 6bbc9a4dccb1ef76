// The server for those who run the service, on a port of its own: /metrics and the two probes.

import { createServer, type Server } from 'node:http';
import { settleTarget } from '../foundation/request-target.ts';
import type { Metrics } from './metrics.ts';
import { answerProbe, isProbe, type Readiness } from './readiness.ts';

/** The server does not listen yet. */
export function createMonitoring(metrics: Metrics, readiness: Readiness): Server {
  return createServer((req, res) => {
    settleTarget(req);
    if (isProbe(req)) return answerProbe(readiness, req, res);
    if (req.url !== '/metrics') {
      res.writeHead(404).end();
      return;
    }
    metrics.expose().then(
      (text) => res.writeHead(200, { 'content-type': metrics.contentType }).end(text),
      () => res.writeHead(500).end(),
    );
  });
}
