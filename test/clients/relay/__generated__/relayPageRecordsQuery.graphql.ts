/**
 * @generated SignedSource<<dbaa5e0fc453a9c61e99e4766bc5826b>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type relayPageRecordsQuery$variables = Record<PropertyKey, never>;
export type relayPageRecordsQuery$data = {
  readonly campaignRecords: {
    readonly edges: ReadonlyArray<{
      readonly node: {
        readonly campaignName: string;
        readonly headers: ReadonlyArray<{
          readonly header: string;
          readonly value: string;
        }>;
        readonly id: string;
      };
    }> | null | undefined;
  } | null | undefined;
};
export type relayPageRecordsQuery = {
  response: relayPageRecordsQuery$data;
  variables: relayPageRecordsQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "alias": null,
    "args": [
      {
        "kind": "Literal",
        "name": "filter",
        "value": {
          "campaignName": "Agents_Demo"
        }
      },
      {
        "kind": "Literal",
        "name": "first",
        "value": 10
      }
    ],
    "concreteType": "CampaignRecordConnection",
    "kind": "LinkedField",
    "name": "campaignRecords",
    "plural": false,
    "selections": [
      {
        "alias": null,
        "args": null,
        "concreteType": "CampaignRecordEdge",
        "kind": "LinkedField",
        "name": "edges",
        "plural": true,
        "selections": [
          {
            "alias": null,
            "args": null,
            "concreteType": "CampaignRecord",
            "kind": "LinkedField",
            "name": "node",
            "plural": false,
            "selections": [
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "id",
                "storageKey": null
              },
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "campaignName",
                "storageKey": null
              },
              {
                "alias": null,
                "args": null,
                "concreteType": "RecordHeader",
                "kind": "LinkedField",
                "name": "headers",
                "plural": true,
                "selections": [
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "header",
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "value",
                    "storageKey": null
                  }
                ],
                "storageKey": null
              }
            ],
            "storageKey": null
          }
        ],
        "storageKey": null
      }
    ],
    "storageKey": "campaignRecords(filter:{\"campaignName\":\"Agents_Demo\"},first:10)"
  }
];
return {
  "fragment": {
    "argumentDefinitions": [],
    "kind": "Fragment",
    "metadata": null,
    "name": "relayPageRecordsQuery",
    "selections": (v0/*:: as any*/),
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [],
    "kind": "Operation",
    "name": "relayPageRecordsQuery",
    "selections": (v0/*:: as any*/)
  },
  "params": {
    "cacheID": "922a707ebdeed529724b3a9602ca76b9",
    "id": null,
    "metadata": {},
    "name": "relayPageRecordsQuery",
    "operationKind": "query",
    "text": "query relayPageRecordsQuery {\n  campaignRecords(first: 10, filter: {campaignName: \"Agents_Demo\"}) {\n    edges {\n      node {\n        id\n        campaignName\n        headers {\n          header\n          value\n        }\n      }\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "7e0feb7fa859449647041e67da79762b";

export default node;
