/**
 * @generated SignedSource<<c4e8b700e5d12576a9ac03e4eb2a7bcf>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

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
export type useScheduleMutation$variables = {
  input: ScheduleCampaignDataInput;
};
export type useScheduleMutation$data = {
  readonly scheduleCampaignData: {
    readonly __typename: string;
    readonly payload: {
      readonly results: ReadonlyArray<{
        readonly __typename: string;
        readonly error: {
          readonly code: RecordErrorCode;
          readonly message: string;
          readonly problems: ReadonlyArray<{
            readonly field: string | null | undefined;
            readonly message: string;
            readonly reason: RecordProblemReason;
          }>;
        } | null | undefined;
        readonly scheduled: {
          readonly dialerTime: string;
          readonly phoneNumber: string;
        } | null | undefined;
      }>;
    } | null | undefined;
    readonly refusal: {
      readonly message: string;
    } | null | undefined;
  } | null | undefined;
};
export type useScheduleMutation = {
  response: useScheduleMutation$data;
  variables: useScheduleMutation$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "input"
  }
],
v1 = [
  {
    "kind": "Variable",
    "name": "input",
    "variableName": "input"
  }
],
v2 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "__typename",
  "storageKey": null
},
v3 = {
  "kind": "InlineFragment",
  "selections": [
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
      "name": "dialerTime",
      "storageKey": null
    }
  ],
  "type": "ScheduledRecord",
  "abstractKey": null
},
v4 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "message",
  "storageKey": null
},
v5 = {
  "kind": "InlineFragment",
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "code",
      "storageKey": null
    },
    (v4/*:: as any*/),
    {
      "alias": null,
      "args": null,
      "concreteType": "RecordProblem",
      "kind": "LinkedField",
      "name": "problems",
      "plural": true,
      "selections": [
        {
          "alias": null,
          "args": null,
          "kind": "ScalarField",
          "name": "field",
          "storageKey": null
        },
        {
          "alias": null,
          "args": null,
          "kind": "ScalarField",
          "name": "reason",
          "storageKey": null
        },
        (v4/*:: as any*/)
      ],
      "storageKey": null
    }
  ],
  "type": "RecordError",
  "abstractKey": "__isRecordError"
},
v6 = {
  "kind": "InlineFragment",
  "selections": [
    (v4/*:: as any*/)
  ],
  "type": "RequestError",
  "abstractKey": "__isRequestError"
};
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "useScheduleMutation",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "scheduleCampaignData",
        "plural": false,
        "selections": [
          (v2/*:: as any*/),
          {
            "fragment": {
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
                    (v2/*:: as any*/),
                    {
                      "fragment": (v3/*:: as any*/),
                      "kind": "AliasedInlineFragmentSpread",
                      "name": "scheduled"
                    },
                    {
                      "fragment": (v5/*:: as any*/),
                      "kind": "AliasedInlineFragmentSpread",
                      "name": "error"
                    }
                  ],
                  "storageKey": null
                }
              ],
              "type": "ScheduleCampaignDataPayload",
              "abstractKey": null
            },
            "kind": "AliasedInlineFragmentSpread",
            "name": "payload"
          },
          {
            "fragment": (v6/*:: as any*/),
            "kind": "AliasedInlineFragmentSpread",
            "name": "refusal"
          }
        ],
        "storageKey": null
      }
    ],
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "useScheduleMutation",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "scheduleCampaignData",
        "plural": false,
        "selections": [
          (v2/*:: as any*/),
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
                  (v2/*:: as any*/),
                  (v3/*:: as any*/),
                  (v5/*:: as any*/)
                ],
                "storageKey": null
              }
            ],
            "type": "ScheduleCampaignDataPayload",
            "abstractKey": null
          },
          (v6/*:: as any*/)
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "b92f1cb1ad5eee55ad053f74bf182a96",
    "id": null,
    "metadata": {},
    "name": "useScheduleMutation",
    "operationKind": "mutation",
    "text": "mutation useScheduleMutation(\n  $input: ScheduleCampaignDataInput!\n) {\n  scheduleCampaignData(input: $input) {\n    __typename\n    ... on ScheduleCampaignDataPayload {\n      results {\n        __typename\n        ... on ScheduledRecord {\n          phoneNumber\n          dialerTime\n        }\n        ... on RecordError {\n          __isRecordError: __typename\n          code\n          message\n          problems {\n            field\n            reason\n            message\n          }\n        }\n      }\n    }\n    ... on RequestError {\n      __isRequestError: __typename\n      message\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "e602a15382513c3f64e5db5f7b80b0f8";

export default node;
