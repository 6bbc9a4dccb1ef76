/**
 * @generated SignedSource<<d5b5cd2f99b84b636a6f028dfa6569d0>>
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
export type relayPageCancelMutation$variables = {
  input: CancelCampaignRecordsInput;
};
export type relayPageCancelMutation$data = {
  readonly cancelCampaignRecords: {
    readonly __typename: "CancelCampaignRecordsPayload";
    readonly results: ReadonlyArray<{
      readonly __typename: string;
      readonly code?: RecordErrorCode;
      readonly dialerTime?: string;
      readonly givenId?: string | null | undefined;
      readonly id?: string;
      readonly index?: number;
      readonly message?: string;
    }>;
  } | {
    // This will never be '%other', but we need some
    // value in case none of the concrete values match.
    readonly __typename: "%other";
  } | null | undefined;
};
export type relayPageCancelMutation = {
  response: relayPageCancelMutation$data;
  variables: relayPageCancelMutation$variables;
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
  "name": "index",
  "storageKey": null
},
v4 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "id",
  "storageKey": null
},
v5 = {
  "kind": "InlineFragment",
  "selections": [
    (v3/*:: as any*/),
    (v4/*:: as any*/),
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "dialerTime",
      "storageKey": null
    }
  ],
  "type": "CancelledRecord",
  "abstractKey": null
},
v6 = {
  "kind": "InlineFragment",
  "selections": [
    (v3/*:: as any*/),
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "code",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "message",
      "storageKey": null
    }
  ],
  "type": "RecordError",
  "abstractKey": "__isRecordError"
},
v7 = {
  "kind": "InlineFragment",
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "givenId",
      "storageKey": null
    }
  ],
  "type": "CampaignRecordNotFoundError",
  "abstractKey": null
},
v8 = [
  (v4/*:: as any*/)
];
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "relayPageCancelMutation",
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
                  (v5/*:: as any*/),
                  (v6/*:: as any*/),
                  (v7/*:: as any*/)
                ],
                "storageKey": null
              }
            ],
            "type": "CancelCampaignRecordsPayload",
            "abstractKey": null
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
    "name": "relayPageCancelMutation",
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
                  (v5/*:: as any*/),
                  (v6/*:: as any*/),
                  (v7/*:: as any*/),
                  {
                    "kind": "InlineFragment",
                    "selections": (v8/*:: as any*/),
                    "type": "AlreadyHandedOverError",
                    "abstractKey": null
                  },
                  {
                    "kind": "InlineFragment",
                    "selections": (v8/*:: as any*/),
                    "type": "CancellableRecord",
                    "abstractKey": null
                  }
                ],
                "storageKey": null
              }
            ],
            "type": "CancelCampaignRecordsPayload",
            "abstractKey": null
          }
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "006e02426a75284ddc21aaa6d98ffbf8",
    "id": null,
    "metadata": {},
    "name": "relayPageCancelMutation",
    "operationKind": "mutation",
    "text": "mutation relayPageCancelMutation(\n  $input: CancelCampaignRecordsInput!\n) {\n  cancelCampaignRecords(input: $input) {\n    __typename\n    ... on CancelCampaignRecordsPayload {\n      results {\n        __typename\n        ... on CancelledRecord {\n          index\n          id\n          dialerTime\n        }\n        ... on RecordError {\n          __isRecordError: __typename\n          index\n          code\n          message\n        }\n        ... on CampaignRecordNotFoundError {\n          givenId\n        }\n        ... on AlreadyHandedOverError {\n          id\n        }\n        ... on CancellableRecord {\n          id\n        }\n      }\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "7c43c2d228c99ee1edd8cad7bbefdff1";

export default node;
