/**
 * @generated SignedSource<<dfbb975020b54e6d82b80c382efe3739>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type AfterHandover = "REFUSE" | "REMOVE_FROM_CAMPAIGN" | "%future added value";
export type RecordErrorCode = "ALREADY_HANDED_OVER" | "BOTH_SCHEDULED" | "CAMPAIGN_NOT_FOUND" | "CAMPAIGN_RECORD_NOT_FOUND" | "DIALER_REJECTION" | "DIALER_THROTTLED" | "DIALER_UNAVAILABLE" | "DUPLICATE_RECORD" | "INVALID_API_KEY" | "INVALID_API_KEY_OR_CAMPAIGN" | "INVALID_DATE_FORMAT" | "INVALID_FIELD" | "INVALID_PHONE_NUMBER" | "MISSING_AGENT_ID" | "MISSING_BULK_DATA" | "MISSING_PHONE_NUMBER" | "MISSING_SCHEDULED_TIME" | "OUTCOME_UNKNOWN" | "OUTSIDE_CALLING_HOURS" | "RECORD_DUE_SOON" | "SCHEDULED_TIME_OUT_OF_RANGE" | "SUPPRESSED_NUMBER" | "UNKNOWN_HEADER" | "%future added value";
export type CancelCampaignRecordsInput = {
  afterHandover?: AfterHandover | null | undefined;
  campaignName?: string | null | undefined;
  idempotencyKey?: string | null | undefined;
  ids?: ReadonlyArray<string> | null | undefined;
  phoneNumber?: string | null | undefined;
  scheduledTime?: string | null | undefined;
  validateOnly?: boolean | null | undefined;
};
export type recordRowCancelMutation$variables = {
  input: CancelCampaignRecordsInput;
};
export type recordRowCancelMutation$data = {
  readonly cancelCampaignRecords: {
    readonly __typename: string;
    readonly payload: {
      readonly results: ReadonlyArray<{
        readonly __typename: string;
        readonly error: {
          readonly code: RecordErrorCode;
          readonly message: string;
        } | null | undefined;
      }>;
    } | null | undefined;
    readonly refusal: {
      readonly message: string;
    } | null | undefined;
  } | null | undefined;
};
export type recordRowCancelMutation = {
  response: recordRowCancelMutation$data;
  variables: recordRowCancelMutation$variables;
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
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "message",
  "storageKey": null
},
v4 = {
  "kind": "InlineFragment",
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "code",
      "storageKey": null
    },
    (v3/*:: as any*/)
  ],
  "type": "RecordError",
  "abstractKey": "__isRecordError"
},
v5 = {
  "kind": "InlineFragment",
  "selections": [
    (v3/*:: as any*/)
  ],
  "type": "RequestError",
  "abstractKey": "__isRequestError"
},
v6 = [
  {
    "alias": null,
    "args": null,
    "kind": "ScalarField",
    "name": "id",
    "storageKey": null
  }
];
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "recordRowCancelMutation",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "cancelCampaignRecords",
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
                      "fragment": (v4/*:: as any*/),
                      "kind": "AliasedInlineFragmentSpread",
                      "name": "error"
                    }
                  ],
                  "storageKey": null
                }
              ],
              "type": "CancelCampaignRecordsPayload",
              "abstractKey": null
            },
            "kind": "AliasedInlineFragmentSpread",
            "name": "payload"
          },
          {
            "fragment": (v5/*:: as any*/),
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
    "name": "recordRowCancelMutation",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "cancelCampaignRecords",
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
                  (v4/*:: as any*/),
                  {
                    "kind": "InlineFragment",
                    "selections": (v6/*:: as any*/),
                    "type": "AlreadyHandedOverError",
                    "abstractKey": null
                  },
                  {
                    "kind": "InlineFragment",
                    "selections": (v6/*:: as any*/),
                    "type": "CancellableRecord",
                    "abstractKey": null
                  },
                  {
                    "kind": "InlineFragment",
                    "selections": (v6/*:: as any*/),
                    "type": "CancelledRecord",
                    "abstractKey": null
                  }
                ],
                "storageKey": null
              }
            ],
            "type": "CancelCampaignRecordsPayload",
            "abstractKey": null
          },
          (v5/*:: as any*/)
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "8f8221632d089f3b03d9506edf882460",
    "id": null,
    "metadata": {},
    "name": "recordRowCancelMutation",
    "operationKind": "mutation",
    "text": "mutation recordRowCancelMutation(\n  $input: CancelCampaignRecordsInput!\n) {\n  cancelCampaignRecords(input: $input) {\n    __typename\n    ... on CancelCampaignRecordsPayload {\n      results {\n        __typename\n        ... on RecordError {\n          __isRecordError: __typename\n          code\n          message\n        }\n        ... on AlreadyHandedOverError {\n          id\n        }\n        ... on CancellableRecord {\n          id\n        }\n        ... on CancelledRecord {\n          id\n        }\n      }\n    }\n    ... on RequestError {\n      __isRequestError: __typename\n      message\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "705e0c96f9bba69327c7c0919e9fcb6d";

export default node;
