// The upstream of every contestant: the dialer's v2 endpoint with a key, as small as it can be while it reads every row.
// It counts what arrives, and whether a number arrives twice. `POST /bench` with {latencyMs} sets the latency and resets the
// counts; `GET /bench` returns them.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { firstNumber } from '../payload.ts';
import { apiKey, campaignName, chunkSize, userName } from '../settings.ts';
import type { Counts } from './counts.ts';

interface ScheduleRequest {
  campaignName: string;
  bulkData: { map: string[]; data: string[][] };
}

const countedNumbers = 100_000_000;
const seen = new Uint8Array(countedNumbers / 8);
let counts: Counts = { requests: 0, rows: 0, twice: 0, refused: 0 };
let latencyMs = 0;
/** The pages of `seen` that were written since the last reset: to clear all 12 MB each time would cost more than a short run. */
let touched = new Set<number>();
const pageBytes = 4096;

const server = createServer((req, res) => {
  const parts: Buffer[] = [];
  req.on('data', (part: Buffer) => parts.push(part));
  req.on('end', () => {
    const body = parts.length === 1 ? String(parts[0]) : Buffer.concat(parts).toString();
    if (req.url === '/bench') return control(req, res, body);
    const answer = req.url === '/ca_apis/campaignStatus' ? campaignStatus : schedule(req, body);
    if (latencyMs === 0) reply(res, answer);
    else setTimeout(reply, latencyMs, res, answer);
  });
});
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

function control(req: IncomingMessage, res: ServerResponse, body: string): void {
  if (req.method === 'POST') {
    latencyMs = (JSON.parse(body) as { latencyMs: number }).latencyMs;
    counts = { requests: 0, rows: 0, twice: 0, refused: 0 };
    for (const page of touched) seen.fill(0, page * pageBytes, (page + 1) * pageBytes);
    touched = new Set();
  }
  reply(res, JSON.stringify(counts));
}

/** Dialgraph asks once for a campaign that is new to its process. It carries no row, and is not counted. */
const campaignStatus = JSON.stringify({
  status: 'success',
  message: [{ CampaignID: '256', CampaignName: campaignName, UserName: userName, Position: 'READY' }],
});

function schedule({ method, url, headers }: IncomingMessage, body: string): string {
  counts.requests++;
  if (method !== 'POST' || url !== '/ca_apis/CampaignScheduledData')
    return refuse('All parameters are mandatory');
  const request = JSON.parse(body) as ScheduleRequest;
  const { map, data } = request.bulkData;
  if (headers.apikey !== apiKey || request.campaignName !== campaignName)
    return refuse('api_key or campaign_name is invalid or not found');
  if (data.length > chunkSize) return refuse('Max limit exceeded');

  const phone = map.indexOf('PhoneNumber');
  const time = map.indexOf('ScheduledTime');
  const name = map.indexOf('Name');
  const campaign = JSON.stringify(campaignName);
  let entries = '';
  for (const [index, row] of data.entries()) {
    const number = row[phone] ?? '';
    count(number);
    entries += `${index === 0 ? '' : ','}{"Response":"success","ScheduleTime":"${row[time]}","campaign_name":${campaign},"PhoneNumber":"${number}","Name":${JSON.stringify(row[name] ?? '')},"msg":"Data updated successfully","index":"${index}"}`;
  }
  return `{"status":"success","message":[${entries}]}`;
}

function count(phoneNumber: string): void {
  counts.rows++;
  const number = Number(phoneNumber.slice(-10)) - firstNumber;
  if (!(number >= 0 && number < countedNumbers)) {
    counts.refused++;
    return;
  }
  const at = number >> 3;
  const bit = 1 << (number & 7);
  const byte = seen[at] ?? 0;
  if (byte & bit) counts.twice++;
  seen[at] = byte | bit;
  touched.add(Math.floor(at / pageBytes));
}

function refuse(message: string): string {
  counts.refused++;
  return JSON.stringify({ status: 'error', message });
}

function reply(res: ServerResponse, body: string): void {
  res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  res.end(body);
}
