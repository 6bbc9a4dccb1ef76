// What a gateway of the bench takes and returns: the part of Dialgraph's contract that the bench's mutation selects.

export interface RecordInput {
  reference?: string | null | undefined;
  phoneNumber: string;
  scheduledTime: string;
  name?: string | null | undefined;
}

export interface ScheduleInput {
  campaignName: string;
  records: readonly RecordInput[];
}

export interface ScheduledRecord {
  __typename: 'ScheduledRecord';
  index: number;
  reference: string | null | undefined;
  dialerTime: string;
  message: string;
}

export interface RecordError {
  __typename: 'InvalidPhoneNumberError' | 'InvalidDateFormatError' | 'DialerRejectionError';
  index: number;
  reference: string | null | undefined;
  code: string;
  message: string;
  retryable: boolean;
}

export type RecordOutcome = ScheduledRecord | RecordError;

export interface SchedulePayload {
  status: 'SCHEDULED' | 'PARTIALLY_SCHEDULED' | 'NOT_SCHEDULED';
  summary: { total: number; scheduled: number; failed: number };
  results: RecordOutcome[];
}
