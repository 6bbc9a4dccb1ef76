// Reads what the upstream answered to a request that takes rows back: it is done, there was nothing, or what `readAnswer` makes of
// it. Done is only what is clearly said so; everything else that may have been carried out is unknown.

import { redact } from '../../foundation/redaction.ts';
import { texts } from '../../upstream/contract.ts';
import type { ChangeAnswer } from '../listed-row.ts';
import type { HttpReply } from '../transport/http-client.ts';
import { parseAnswer } from './answer-json.ts';
import { contains, isObject, readMessage, readStatus } from './message.ts';
import { readAnswer } from './schedule-reply.ts';
import { noRows } from './scheduled-rows.ts';

/** `secrets` never appear in the answer; `now` dates a `Retry-After`. */
export function readChange(reply: HttpReply, secrets: readonly string[], now: number): ChangeAnswer {
  if (reply.kind === 'response' && reply.status >= 200 && reply.status < 500 && reply.complete) {
    const { json, noise } = parseAnswer(reply.body);
    const { status, message } = isObject(json) ? json : {};
    const { text } = readMessage(message);
    const said = readStatus(status);
    if (said !== 'unclear' && (contains(text, texts.noData) || contains(text, texts.noRecord)))
      return { kind: 'absent', text: redact(text, secrets) };
    // A wrong key is answered "null" elsewhere, under success too.
    if (reply.status < 300 && said === 'succeeded' && noise === '' && !/^(?:null)?$/i.test(text.trim()))
      return { kind: 'done' };
  }
  const answer = readAnswer(reply, noRows, secrets, now);
  return answer.kind === 'rows' ? unclear : answer;
}

const unclear: ChangeAnswer = { kind: 'unknown', reason: 'an answer that says neither yes nor no' };
