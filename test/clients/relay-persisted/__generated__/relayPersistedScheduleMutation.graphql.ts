/**
 * @generated SignedSource<<6a258aab590e3ac3b7acfc98c97f0ed8>>
 * @relayHash 773af0be8bffb2554d8c958677a3c61d
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

// @relayRequestID 9af0310a396931fc60545f677b893c2d0331a651b82652fcfcc4f7e9bcf87e74

import type { ConcreteRequest } from 'relay-runtime';
export type DuplicatePolicy = "ALLOW" | "SKIP" | "%future added value";
export type ErrorPolicy = "REJECT_EVERYTHING" | "REJECT_FAILED_RECORDS" | "%future added value";
export type RecordErrorCode = "ALREADY_HANDED_OVER" | "BOTH_SCHEDULED" | "CAMPAIGN_NOT_FOUND" | "CAMPAIGN_RECORD_NOT_FOUND" | "DIALER_REJECTION" | "DIALER_THROTTLED" | "DIALER_UNAVAILABLE" | "DUPLICATE_RECORD" | "INVALID_API_KEY" | "INVALID_API_KEY_OR_CAMPAIGN" | "INVALID_DATE_FORMAT" | "INVALID_FIELD" | "INVALID_PHONE_NUMBER" | "MISSING_AGENT_ID" | "MISSING_BULK_DATA" | "MISSING_PHONE_NUMBER" | "MISSING_SCHEDULED_TIME" | "OUTCOME_UNKNOWN" | "OUTSIDE_CALLING_HOURS" | "RECORD_DUE_SOON" | "SCHEDULED_TIME_OUT_OF_RANGE" | "SUPPRESSED_NUMBER" | "UNKNOWN_HEADER" | "%future added value";
export type RecordProblemReason = "AFTER_EXPIRY" | "AMBIGUOUS_DATE" | "AMBIGUOUS_NUMBER" | "DECIMAL_FRACTION" | "DUPLICATE_HEADER" | "DUPLICATE_RECORD" | "EXPIRED" | "EXTENSION" | "INVALID_HEADER" | "IN_THE_PAST" | "LETTERS" | "MISSING" | "MISSING_TIME_OF_DAY" | "NONEXISTENT_TIME" | "NO_SUCH_NUMBER" | "OBSOLETE_PREFIX" | "OUTSIDE_CALLING_HOURS" | "OUT_OF_RANGE" | "REFUSED_BY_DIALER" | "REFUSED_CHARACTER" | "REPEATED_TIME" | "RESERVED_HEADER" | "ROW_TOO_LONG" | "SCIENTIFIC_NOTATION" | "SUPPRESSED" | "TOO_FAR_AHEAD" | "TOO_LONG" | "TOO_SHORT" | "TRUNK_PREFIX" | "TWO_NUMBERS" | "UNKNOWN_COUNTRY_CODE" | "UNKNOWN_HEADER" | "UNKNOWN_OFFSET" | "UNREADABLE_TIME" | "%future added value";
export type ScheduleCampaignDataInput = {
  campaignName: string;
  duplicates?: DuplicatePolicy | null | undefined;
  errorPolicy?: ErrorPolicy | null | undefined;
  idempotencyKey?: string | null | undefined;
  records: ReadonlyArray<CampaignRecordInput>;
  timeZone?: string | null | undefined;
  validateOnly?: boolean | null | undefined;
};
export type CampaignRecordInput = {
  agentId?: string | null | undefined;
  customFields?: ReadonlyArray<CustomFieldInput> | null | undefined;
  expiryDate?: string | null | undefined;
  name?: string | null | undefined;
  phoneNumber?: string | null | undefined;
  priority?: number | null | undefined;
  reference?: string | null | undefined;
  scheduledTime?: string | null | undefined;
  skill?: string | null | undefined;
};
export type CustomFieldInput = {
  header: string;
  value: string;
};
export type relayPersistedScheduleMutation$variables = {
  input: ScheduleCampaignDataInput;
};
export type relayPersistedScheduleMutation$data = {
  readonly scheduleCampaignData: {
    readonly __typename: string;
    readonly message?: string;
    readonly results?: ReadonlyArray<{
      readonly __typename: string;
      readonly code?: RecordErrorCode;
      readonly dialerTime?: string;
      readonly field?: string | null | undefined;
      readonly index?: number;
      readonly message?: string;
      readonly phoneNumber?: string;
      readonly problems?: ReadonlyArray<{
        readonly field: string | null | undefined;
        readonly message: string;
        readonly reason: RecordProblemReason;
      }>;
      readonly reference?: string | null | undefined;
      readonly retryable?: boolean;
      readonly scheduledTime?: string;
    }>;
  } | null | undefined;
};
export type relayPersistedScheduleMutation = {
  response: relayPersistedScheduleMutation$data;
  variables: relayPersistedScheduleMutation$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "input"
  }
],
v1 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "__typename",
  "storageKey": null
},
v2 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "index",
  "storageKey": null
},
v3 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "reference",
  "storageKey": null
},
v4 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "field",
  "storageKey": null
},
v5 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "message",
  "storageKey": null
},
v6 = [
  {
    "alias": null,
    "args": [
      {
        "kind": "Variable",
        "name": "input",
        "variableName": "input"
      }
    ],
    "concreteType": null,
    "kind": "LinkedField",
    "name": "scheduleCampaignData",
    "plural": false,
    "selections": [
      (v1/*:: as any*/),
      {
        "kind": "InlineFragment",
        "selections": [
          {
            "alias": null,
            "args": null,
            "concreteType": null,
            "kind": "LinkedField",
            "name": "results",
            "plural": true,
            "selections": [
              (v1/*:: as any*/),
              {
                "kind": "InlineFragment",
                "selections": [
                  (v2/*:: as any*/),
                  (v3/*:: as any*/),
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "phoneNumber",
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "scheduledTime",
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "dialerTime",
                    "storageKey": null
                  }
                ],
                "type": "ScheduledRecord",
                "abstractKey": null
              },
              {
                "kind": "InlineFragment",
                "selections": [
                  (v2/*:: as any*/),
                  (v3/*:: as any*/),
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "code",
                    "storageKey": null
                  },
                  (v4/*:: as any*/),
                  (v5/*:: as any*/),
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "retryable",
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "concreteType": "RecordProblem",
                    "kind": "LinkedField",
                    "name": "problems",
                    "plural": true,
                    "selections": [
                      (v4/*:: as any*/),
                      {
                        "alias": null,
                        "args": null,
                        "kind": "ScalarField",
                        "name": "reason",
                        "storageKey": null
                      },
                      (v5/*:: as any*/)
                    ],
                    "storageKey": null
                  }
                ],
                "type": "RecordError",
                "abstractKey": "__isRecordError"
              }
            ],
            "storageKey": null
          }
        ],
        "type": "ScheduleCampaignDataPayload",
        "abstractKey": null
      },
      {
        "kind": "InlineFragment",
        "selections": [
          (v5/*:: as any*/)
        ],
        "type": "RequestError",
        "abstractKey": "__isRequestError"
      }
    ],
    "storageKey": null
  }
];
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "relayPersistedScheduleMutation",
    "selections": (v6/*:: as any*/),
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "relayPersistedScheduleMutation",
    "selections": (v6/*:: as any*/)
  },
  "params": {
    "id": "9af0310a396931fc60545f677b893c2d0331a651b82652fcfcc4f7e9bcf87e74",
    "metadata": {},
    "name": "relayPersistedScheduleMutation",
    "operationKind": "mutation",
    "text": null
  }
};
})();

(node as any).hash = "c9033e2df093443971962859db41eb00";

export default node;
