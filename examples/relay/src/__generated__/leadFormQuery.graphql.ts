/**
 * @generated SignedSource<<48c1e45a9944a65fd5632674ee0d9b21>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type leadFormQuery$variables = Record<PropertyKey, never>;
export type leadFormQuery$data = {
  readonly campaigns: ReadonlyArray<{
    readonly name: string;
    readonly timeZone: string;
  }> | null | undefined;
  readonly limits: {
    readonly region: string;
    readonly timeZone: string;
  } | null | undefined;
};
export type leadFormQuery = {
  response: leadFormQuery$data;
  variables: leadFormQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "name",
  "storageKey": null
},
v1 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "timeZone",
  "storageKey": null
},
v2 = {
  "alias": null,
  "args": null,
  "concreteType": "Limits",
  "kind": "LinkedField",
  "name": "limits",
  "plural": false,
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "region",
      "storageKey": null
    },
    (v1/*:: as any*/)
  ],
  "storageKey": null
};
return {
  "fragment": {
    "argumentDefinitions": [],
    "kind": "Fragment",
    "metadata": null,
    "name": "leadFormQuery",
    "selections": [
      {
        "alias": null,
        "args": null,
        "concreteType": "Campaign",
        "kind": "LinkedField",
        "name": "campaigns",
        "plural": true,
        "selections": [
          (v0/*:: as any*/),
          (v1/*:: as any*/)
        ],
        "storageKey": null
      },
      (v2/*:: as any*/)
    ],
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [],
    "kind": "Operation",
    "name": "leadFormQuery",
    "selections": [
      {
        "alias": null,
        "args": null,
        "concreteType": "Campaign",
        "kind": "LinkedField",
        "name": "campaigns",
        "plural": true,
        "selections": [
          (v0/*:: as any*/),
          (v1/*:: as any*/),
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "id",
            "storageKey": null
          }
        ],
        "storageKey": null
      },
      (v2/*:: as any*/)
    ]
  },
  "params": {
    "cacheID": "b11447ab19810040eefd008a9bf4f510",
    "id": null,
    "metadata": {},
    "name": "leadFormQuery",
    "operationKind": "query",
    "text": "query leadFormQuery {\n  campaigns {\n    name\n    timeZone\n    id\n  }\n  limits {\n    region\n    timeZone\n  }\n}\n"
  }
};
})();

(node as any).hash = "425e347a42ec027fa5fbdadd656bdb0f";

export default node;
