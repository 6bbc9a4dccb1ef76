// @dialgraph/client: what a front end needs of Dialgraph, for whichever GraphQL client it has.

export * from './errors.ts';
export * from './generated/graphql.ts';
export type { Endpoint } from './http.ts';
export {
  cancelImport,
  confirmImport,
  findImport,
  type Import,
  pauseImport,
  resumeImport,
  startImport,
} from './imports.ts';
export { indexedDbStore, type JobStore, memoryStore } from './job-store.ts';
export {
  type Handlers,
  isRecordError,
  type Kind,
  match,
  type Problem,
  problemsByField,
  type RecordErrorFields,
  type RecordResult,
  type SchedulePayload,
} from './results.ts';
export { type ScheduleInput, schedule } from './schedule.ts';
export {
  resumeAll,
  type ScheduleAllOptions,
  type ScheduleAllProgress,
  type ScheduleAllResult,
  scheduleAll,
} from './schedule-all.ts';
export { forgetJob, type Job, keptRecords, unfinishedJobs } from './schedule-job.ts';
export {
  type Answer,
  ask,
  type FetchTransportOptions,
  fetchTransport,
  type Operation,
  type Transport,
} from './transport.ts';
export { type UploadImportOptions, type UploadProgress, uploadImport } from './upload-import.ts';
export { forgetUpload, type Upload, unfinishedUploads } from './upload-state.ts';
export { type WatchImportOptions, watchImport } from './watch-import.ts';
