// Facts about the upstream: paths, header names, limits and the texts that it is known to send.
// There is no parsing and no encoding here: the dialer and the sandbox both use this file, and must not share a mistake.
// Source: Ozonetel CloudAgent's public API pages.

/** The API that a request uses: v1, or v2 with either of its two ways to authenticate. */
export const dialectNames = ['v1', 'basic', 'token'] as const;
export type DialectName = (typeof dialectNames)[number];

/** Whether an account is named besides its key. v1 tells accounts by their key alone. */
export const needsUserName: Readonly<Record<DialectName, boolean>> = { v1: false, basic: true, token: true };

export const paths = {
  v1Schedule: '/CAServices/scheduleCampaignData/scheduleCampaignData.php',
  schedule: '/ca_apis/CampaignScheduledData',
  generateToken: '/ca_apis/CAToken/generateToken',
  scheduledData: '/ca_apis/getScheduledData',
  deleteScheduledData: '/ca_apis/deleteScheduledData',
  campaignStatus: '/ca_apis/campaignStatus',
} as const;

/** Documented: "100 records per request are allowed." */
export const maxRowsPerRequest = 100;

/** A v2 token is valid for 60 minutes. At most 10 may be generated in an hour, and each makes the one before void. */
export const tokenLifetimeMs = 60 * 60_000;
export const maxTokensPerHour = 10;

/** Headers of `bulkData.map` that the documents name; any other is the campaign's own. `skill` has a lower-case s. */
export const headers = {
  phoneNumber: 'PhoneNumber',
  scheduledTime: 'ScheduledTime',
  name: 'Name',
  priority: 'Priority',
  expiryDate: 'ExpiryDate',
  agentId: 'AgentID',
  skill: 'skill',
} as const;
export const mandatoryHeaders: readonly string[] = [headers.phoneNumber, headers.scheduledTime];
export const standardHeaders: readonly string[] = Object.values(headers);

export const minPriority = 1;
export const maxPriority = 99;

/** Sentences that the upstream is known to answer with, letter for letter. */
export const texts = {
  updated: 'Data updated successfully',
  accountOrCampaign: 'api_key or campaign_name is invalid or not found',
  missingScheduledTime: 'Mandatory parameter ScheduledTime is in bulkData map',
  wrongDateFormat: 'Wrong Date format',
  numberExists: 'Number Already Exist',
  invalidUser: 'Invalid User Details',
  maxLimit: 'Max limit exceeded',
  requestLimit: 'Request limit exhausted',
  processRunning: 'Already one process is running please try after some time',
  allMandatory: 'All parameters are mandatory',
  noRecord: 'no record found',
  noData: 'No data found',
  missingRowId: 'Mandatory parameter row_id is missing',
} as const;

/** `bulkData`: the values of each row of `data` are in the order of `map`. */
export interface BulkData {
  map: readonly string[];
  data: readonly (readonly string[])[];
}
