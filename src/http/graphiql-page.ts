// What the GraphiQL page is made of: the bundle of @graphql-yoga/render-graphiql, some changes to it, and a script of our own that
// reads the address and writes it. Nothing of a request stands in the page: it is the same for everybody.

import type { Tab } from './graphiql-tabs.ts';

export interface PageOptions {
  /** Path of the GraphQL endpoint. */
  endpoint: string;
  tabs: readonly Tab[];
}

/** The page, and the text of its one script. */
export async function renderPage({ endpoint, tabs }: PageOptions): Promise<{ html: string; script: string }> {
  // 9 MB of JavaScript text: loaded for those who look, not at every start.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  let html = renderGraphiQL({
    title: 'Dialgraph',
    endpoint,
    defaultTabs: [...tabs],
    defaultEditorToolsVisibility: 'variables',
    shouldPersistHeaders: false,
  });
  for (const { find, put } of changes) html = html.replace(find, put);
  return {
    html,
    script: html.slice(html.indexOf('<script>') + '<script>'.length, html.lastIndexOf('</script>')),
  };
}

interface Change {
  /** Found once in the page as the package renders it. */
  readonly find: RegExp;
  readonly put: (found: string) => string;
}

/** To the page as the package renders it. One that is found no more changes nothing: test/http/graphiql.test.ts says so. */
export const changes: readonly Change[] = [
  { find: /<meta charset="utf-8" \/>/, put: (found) => `${found}${head}` },
  // When the tabs or their list change in size, their library measures them anew, and keeps where each stood within the list as if it
  // had been dragged there. GraphiQL hides that until the tab has the focus: at the mouse's press it then jumped away, and its click
  // went elsewhere. A tab snaps back whenever it is let go, so that its own place is the only one to keep.
  {
    find: /scalePositionWithinConstraints\(\)\{/,
    put: (found) => `${found}${snapTabBack}}scaleWithinConstraints(){`,
  },
  // GraphiQL learns a tab's operation name a tenth of a second after it shows the tab, and until then sends nothing.
  // What stands before it is looked for last: to look for it first takes a second in 9 MB.
  {
    find: /(?<=[\w$]\()100(?=,\(\)=>\{const [\w$]+=[\w$]+\.getValue\(\);[\w$]+\.set\([\w$]+\.query,)/,
    put: () => '0',
  },
  // With the editor's library in reach, the cursor can be put to the operation that the address names.
  { find: /globalAPI: false/, put: () => 'globalAPI: true' },
  {
    find: /YogaGraphiQL\.renderYogaGraphiQL\((?=\s*window\.document)/,
    put: (found) => `${addressScript}${found}`,
  },
];

const snapTabBack = `this.scaleWithinConstraints();
if (this.getProps().dragSnapToOrigin && !this.isDragging) {
  for (const axis of ['x', 'y']) this.getAxisMotionValue(axis).set(0);
  this.visualElement.render();
}`;

/**
 * Where there is no room for two columns, the answer stands below, and on a telephone the side bar does, too. The line numbers of an
 * editor reach beyond it, unseen, and would take the clicks of what stands there: what holds an editor cuts them off.
 */
const head = `<meta name="viewport" content="width=device-width, initial-scale=1" />
<style>
@media (max-width: 900px) {
  .graphiql-container { height: 100dvh; }
  .graphiql-container .graphiql-main { flex-direction: column; min-height: 0; }
  .graphiql-container #graphiql-session { flex-direction: column; min-height: 0; }
  .graphiql-container #graphiql-session > * { flex: 1 1 0 !important; min-height: 0; min-width: 0; position: relative; overflow: hidden; }
  .graphiql-container .graphiql-horizontal-drag-bar { display: none; }
}
@media (max-width: 500px) {
  body .graphiql-container { flex-direction: column-reverse; }
  body .graphiql-container .graphiql-sidebar { flex-direction: row; justify-content: space-between; width: 100%; height: auto; padding: 0; }
  body .graphiql-container .graphiql-sessions { margin: 0; border-radius: 0; min-height: 0; }
  body .graphiql-container .graphiql-logo { display: none; }
  body .graphiql-container .graphiql-query-editor { padding: 8px; column-gap: 8px; }
  body .graphiql-container .graphiql-editor-tools { padding: 0 8px; }
  body .graphiql-container .graphiql-editor-tool { padding: 4px 8px; }
  body .graphiql-container .graphiql-response { padding-top: 8px; }
}
</style>
`;

/**
 * The address carries the operation of the tab that is shown, as far as servers take it: reloading opens it again, and so does
 * whoever is sent the link. The rest of the tabs, and what is too long, GraphiQL keeps in the browser.
 */
const addressScript = `{
  const longestAddress = 7500;
  const { renderYogaGraphiQL } = YogaGraphiQL;
  const address = new URL(location.href);
  const [query, variables, operationName] = ['query', 'variables', 'operationName'].map((name) => address.searchParams.get(name) ?? '');

  const laidOut = (json) => {
    try {
      return json.includes('\\n') ? json : JSON.stringify(JSON.parse(json), null, 2);
    } catch {
      return json;
    }
  };

  const putCursor = (editor) => {
    const model = editor.getModel();
    if (model?.getLanguageId() !== 'graphql' || !/^\\w+$/.test(operationName)) return;
    const at = model.getValue().search(new RegExp('\\\\b(query|mutation|subscription)\\\\s+' + operationName + '\\\\b'));
    if (at < 0) return;
    editor.setPosition(model.getPositionAt(at));
    editor.revealLineInCenterIfOutsideViewport(editor.getPosition().lineNumber);
  };

  YogaGraphiQL.renderYogaGraphiQL = (root, options) => {
    const [firstTab] = options.defaultTabs;
    const linked = query === '' ? undefined : { query, variables: laidOut(variables) };
    // GraphiQL opens an empty tab beside those that it kept, unless it is told one of them.
    const kept = JSON.parse(localStorage.getItem('graphiql:tabState') ?? '{ "tabs": [] }');
    const shown = kept.tabs[kept.activeTabIndex];
    monaco.editor.onDidCreateEditor((editor) => setTimeout(putCursor, 0, editor));
    renderYogaGraphiQL(root, {
      ...options,
      ...(linked
        ? { ...linked, defaultTabs: [linked, ...options.defaultTabs] }
        : shown
          ? { query: shown.query ?? '', variables: shown.variables ?? '' }
          : // Of the first of its tabs GraphiQL would show the document alone.
            { variables: firstTab.variables }),
      // What follows says it better.
      onEditQuery() {},
      onTabChange({ tabs, activeTabIndex }) {
        const { searchParams } = address;
        const tab = tabs[activeTabIndex];
        for (const name of ['query', 'variables', 'operationName'])
          if (tab[name]) searchParams.set(name, tab[name]);
          else searchParams.delete(name);
        if (address.href.length > longestAddress) address.search = '';
        history.replaceState({}, '', address);
      },
    });
  };
}
`;
