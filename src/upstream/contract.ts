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
  deleteCampaignData: '/ca_apis/deleteCampaignData',
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

/**
 * What the "add campaign data" API says of a row when it is handed over, with status SUCCESS or FAIL. The list has it as JSON
 * text in the row's `Response`, and `texts.numberExists` with SUCCESS for a duplicate.
 */
export const handOverTexts = {
  started: 'Successfully Updated, Progressive was started',
  /** How the page of the list itself spells the same. */
  startedAsListed: 'SuccessFully Updated, Progressive was started',
  noUser: 'No User Found',
  emptyNumber: 'Phone Number is Empty!',
  doNotDisturb: 'PhoneNumber Added is a DND Number',
} as const;

/** What `deleteCampaignData` says besides `texts.invalidUser`. Those of key and user name have status "false", mistakes "Error". */
export const removalTexts = {
  removed: 'Deleted Successfully',
  missingKey: 'Api Key Should Not be Null or Empty.',
  missingUserName: 'Username Should Not be Null or Empty.',
  missingCampaign: 'Campaign should not be null are empty',
  unknownCampaign: 'Passed campaign are invalid',
  missingNumber: 'PhoneNumber should not be null are empty',
} as const;

/** `bulkData`: the values of each row of `data` are in the order of `map`. */
export interface BulkData {
  map: readonly string[];
  data: readonly (readonly string[])[];
}
