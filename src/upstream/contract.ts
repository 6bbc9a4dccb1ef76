// The upstream's facts: paths, header names, limits and the texts it is known to say.
// Facts only: no parsing and no encoding lives here, so that the dialer and the sandbox may both stand on this
// file without proving each other's mistakes right. Source: Ozonetel CloudAgent's public API pages.

/** How a request speaks to the upstream: the seed's API, or v2 with either way to authenticate. */
export const dialectNames = ['v1', 'basic', 'token'] as const;
export type DialectName = (typeof dialectNames)[number];

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

/** A v2 token is good for 60 minutes; at most 10 may be generated in an hour, each voiding the one before. */
export const tokenLifetimeMs = 60 * 60_000;
export const maxTokensPerHour = 10;

/** Headers of `bulkData.map` that the documents name. Any other is the campaign's own. `skill` has a lower-case s. */
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

/** Sentences the upstream is known to answer with, letter for letter. */
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

/** `bulkData`: every row of `data` follows `map`. */
export interface BulkData {
  map: readonly string[];
  data: readonly (readonly string[])[];
}
