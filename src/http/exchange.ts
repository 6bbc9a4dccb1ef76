// What the steps of http/server.ts pass on to each other.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StopSignal } from '../foundation/cancellation.ts';
import type { Context } from '../schema/context.ts';
import { createLoaders } from '../schema/loaders.ts';
import type { IncomingRequest } from '../telemetry/events.ts';
import type { StreamType } from './accept.ts';
import type { Room } from './memory-budget.ts';

/** Who sends a request, and the account that it is for. */
export type Admission = Pick<Context, 'caller' | 'account'>;

/** A request of somebody who may call, and its answer. */
export interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  /** What telemetry is told of it. */
  readonly request: IncomingRequest;
  readonly admission: Admission;
  /** The memory that is held for it. */
  readonly room: Room;
  /** What events are sent as. Undefined: the client takes none. */
  readonly streamType: StreamType | undefined;
}

/** What a resolver gets. `signal`: aborted when the caller goes away. */
export function contextOf({ request, admission, room }: Exchange, signal: StopSignal): Context {
  const allowance = { records: 0, hold: (records: number) => room.holdRecords(records) };
  const { caller, account } = admission;
  const loaders = createLoaders(account, request);
  return { caller, account, request, signal, allowance, loaders };
}
