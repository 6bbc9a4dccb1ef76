/**
 * @generated SignedSource<<a1685dca27fa00617496ca92b5ce4d1b>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type relayPageCampaignsQuery$variables = Record<PropertyKey, never>;
export type relayPageCampaignsQuery$data = {
  readonly campaigns: ReadonlyArray<{
    readonly headers: ReadonlyArray<string> | null | undefined;
    readonly id: string | null | undefined;
    readonly name: string;
  }> | null | undefined;
};
export type relayPageCampaignsQuery = {
  response: relayPageCampaignsQuery$data;
  variables: relayPageCampaignsQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "alias": null,
    "args": null,
    "concreteType": "Campaign",
    "kind": "LinkedField",
    "name": "campaigns",
    "plural": true,
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
        "name": "name",
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "headers",
        "storageKey": null
      }
    ],
    "storageKey": null
  }
];
return {
  "fragment": {
    "argumentDefinitions": [],
    "kind": "Fragment",
    "metadata": null,
    "name": "relayPageCampaignsQuery",
    "selections": (v0/*:: as any*/),
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [],
    "kind": "Operation",
    "name": "relayPageCampaignsQuery",
    "selections": (v0/*:: as any*/)
  },
  "params": {
    "cacheID": "4fcd34d65c745d727062add1752669e5",
    "id": null,
    "metadata": {},
    "name": "relayPageCampaignsQuery",
    "operationKind": "query",
    "text": "query relayPageCampaignsQuery {\n  campaigns {\n    id\n    name\n    headers\n  }\n}\n"
  }
};
})();

(node as any).hash = "9db25c895358543c4cc0c6b709d4d0e7";

export default node;
