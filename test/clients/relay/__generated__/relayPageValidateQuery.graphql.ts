/**
 * @generated SignedSource<<195c3ed4bd0c01310b2cd00ca49b9c61>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type DuplicatePolicy = "ALLOW" | "SKIP" | "%future added value";
export type RecordErrorCode = "ALREADY_HANDED_OVER" | "BOTH_SCHEDULED" | "CAMPAIGN_NOT_FOUND" | "CAMPAIGN_RECORD_NOT_FOUND" | "DIALER_REJECTION" | "DIALER_THROTTLED" | "DIALER_UNAVAILABLE" | "DUPLICATE_RECORD" | "INVALID_API_KEY" | "INVALID_API_KEY_OR_CAMPAIGN" | "INVALID_DATE_FORMAT" | "INVALID_FIELD" | "INVALID_PHONE_NUMBER" | "MISSING_AGENT_ID" | "MISSING_BULK_DATA" | "MISSING_PHONE_NUMBER" | "MISSING_SCHEDULED_TIME" | "OUTCOME_UNKNOWN" | "OUTSIDE_CALLING_HOURS" | "RECORD_DUE_SOON" | "SCHEDULED_TIME_OUT_OF_RANGE" | "SUPPRESSED_NUMBER" | "UNKNOWN_HEADER" | "%future added value";
export type RecordProblemReason = "AFTER_EXPIRY" | "AMBIGUOUS_DATE" | "AMBIGUOUS_NUMBER" | "DECIMAL_FRACTION" | "DUPLICATE_HEADER" | "DUPLICATE_RECORD" | "EXPIRED" | "EXTENSION" | "INVALID_HEADER" | "IN_THE_PAST" | "LETTERS" | "MISSING" | "MISSING_TIME_OF_DAY" | "NONEXISTENT_TIME" | "NO_SUCH_NUMBER" | "OBSOLETE_PREFIX" | "OUTSIDE_CALLING_HOURS" | "OUT_OF_RANGE" | "REFUSED_BY_DIALER" | "REFUSED_CHARACTER" | "REPEATED_TIME" | "RESERVED_HEADER" | "ROW_TOO_LONG" | "SCIENTIFIC_NOTATION" | "SUPPRESSED" | "TOO_FAR_AHEAD" | "TOO_LONG" | "TOO_SHORT" | "TRUNK_PREFIX" | "TWO_NUMBERS" | "UNKNOWN_COUNTRY_CODE" | "UNKNOWN_HEADER" | "UNKNOWN_OFFSET" | "UNREADABLE_TIME" | "%future added value";
export type ValidateCampaignDataInput = {
  campaignName: string;
  duplicates?: DuplicatePolicy | null | undefined;
  records: ReadonlyArray<CampaignRecordInput>;
  timeZone?: string | null | undefined;
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
export type relayPageValidateQuery$variables = {
  input: ValidateCampaignDataInput;
};
export type relayPageValidateQuery$data = {
  readonly validateCampaignData: {
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
export type relayPageValidateQuery = {
  response: relayPageValidateQuery$data;
  variables: relayPageValidateQuery$variables;
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
    "name": "validateCampaignData",
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
                "type": "ValidRecord",
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
    "name": "relayPageValidateQuery",
    "selections": (v6/*:: as any*/),
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "relayPageValidateQuery",
    "selections": (v6/*:: as any*/)
  },
  "params": {
    "cacheID": "2b7917e4f0ee7f6a904aae0a30f030ab",
    "id": null,
    "metadata": {},
    "name": "relayPageValidateQuery",
    "operationKind": "query",
    "text": "query relayPageValidateQuery(\n  $input: ValidateCampaignDataInput!\n) {\n  validateCampaignData(input: $input) {\n    __typename\n    ... on ScheduleCampaignDataPayload {\n      results {\n        __typename\n        ... on ValidRecord {\n          index\n          reference\n          phoneNumber\n          scheduledTime\n          dialerTime\n        }\n        ... on RecordError {\n          __isRecordError: __typename\n          index\n          reference\n          code\n          field\n          message\n          retryable\n          problems {\n            field\n            reason\n            message\n          }\n        }\n      }\n    }\n    ... on RequestError {\n      __isRequestError: __typename\n      message\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "655b50762fe367166b785e5e8711143e";

export default node;
