/** Wires the features to the protocol: fetch the document, call, catch. What reads files is passed in. */
import {
  type CancellationToken,
  type Connection,
  createConnection,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  LSPErrorCodes,
  ProposedFeatures,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { visibleLines } from '../core/spec/text.ts';
import {
  FIT_FORGOTTEN,
  FITTED,
  type FitForgottenParams,
  type FittedParams,
  type ServerOptions,
  type ServerSettings,
} from '../protocol/server.ts';
import type { FeatureContext } from './context.ts';
import { nodeIo, type ServerIo } from './data/io.ts';
import { Documents } from './documents.ts';
import { codeActions } from './features/codeActions.ts';
import { codeLenses } from './features/codeLens.ts';
import { complete } from './features/completion.ts';
import { pathOfUri } from './features/dataFile.ts';
import { diagnose } from './features/diagnostics.ts';
import { formatting } from './features/formatting.ts';
import { hover } from './features/hover.ts';
import { inlayHints } from './features/inlayHints.ts';
import { completeFromSchema, foldingRanges, selectionRanges } from './features/jsonService.ts';
import { documentLinks } from './features/links.ts';
import { definition, prepareRename, references, rename, renameFault } from './features/navigation.ts';
import { LEGEND, semanticTokens } from './features/semanticTokens.ts';
import { documentSymbols } from './features/symbols.ts';

export interface StartOptions {
  /** The server's own bundle, which also runs as the worker thread that reads data; without it they are read in this thread. */
  readonly workerFile?: string | null;
}

/** Starts the language server on standard input and output, or over the channel of the process that forked it. */
export function startServer(kind: 'stdio' | 'ipc', { workerFile = null }: StartOptions = {}): void {
  const connection =
    kind === 'stdio'
      ? createConnection(ProposedFeatures.all, new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout))
      : createConnection(ProposedFeatures.all);
  const end = serve(connection, nodeIo(workerFile));
  if (kind === 'stdio') process.stdin.on('end', () => void end().finally(() => process.exit(0)));
}

/** The server over any connection; it listens when this returns. What is returned ends the reading of data, so that the process can end. */
export function serve(connection: Connection, io: ServerIo): () => Promise<void> {
  const open = new TextDocuments(TextDocument);
  const client = { progress: false, refreshHints: false, refreshLenses: false, refreshTokens: false, watch: false, configuration: false };
  let docs: string | null = null;
  let hintsEnabled = true;
  let ended = false;
  const end = (): Promise<void> => {
    ended = true;
    return io.dispose();
  };

  const documents = new Documents(io, {
    publish: (context) =>
      void connection.sendDiagnostics({
        uri: context.document.uri,
        version: context.document.version,
        diagnostics: diagnose(context, docs),
      }),
    withProgress: async (title, work) => {
      const progress = client.progress ? await connection.window.createWorkDoneProgress() : null;
      progress?.begin(title);
      try {
        return await work();
      } finally {
        progress?.done();
      }
    },
    refresh: () => {
      if (client.refreshHints) void connection.languages.inlayHint.refresh().catch(ignore);
      if (client.refreshLenses) void connection.sendRequest('workspace/codeLens/refresh').catch(ignore);
      if (client.refreshTokens) connection.languages.semanticTokens.refresh();
    },
    log: (message) => {
      if (!ended) connection.console.error(visibleLines(message));
    },
  });

  /** Every request ends in a result: a fault of ours is logged and answered with nothing. */
  const answer = async <T>(
    uri: string,
    nothing: T,
    token: CancellationToken,
    feature: (context: FeatureContext) => T | Promise<T>,
    contextOf: (uri: string) => FeatureContext | null | Promise<FeatureContext | null> = (of) => documents.get(of),
  ): Promise<T> => {
    try {
      const context = await contextOf(uri);
      return context === null || token.isCancellationRequested ? nothing : await feature(context);
    } catch (error) {
      if (error instanceof ResponseError) throw error;
      connection.console.error(visibleLines(error instanceof Error ? (error.stack ?? error.message) : String(error)));
      return nothing;
    }
  };

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    const { workspace, window, textDocument } = params.capabilities;
    client.progress = window?.workDoneProgress === true;
    client.refreshHints = workspace?.inlayHint?.refreshSupport === true;
    client.refreshLenses = workspace?.codeLens?.refreshSupport === true;
    client.refreshTokens = workspace?.semanticTokens?.refreshSupport === true;
    client.watch = workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    client.configuration = workspace?.configuration === true;
    const options = (params.initializationOptions ?? {}) as ServerOptions;
    documents.trusted = options.trusted !== false;
    docs = options.docs ?? null;
    const folders = params.workspaceFolders?.map((f) => f.uri) ?? (params.rootUri ? [params.rootUri] : []);
    documents.roots = folders.map(pathOfUri).filter((p) => p !== null);
    return {
      serverInfo: { name: 'hmask' },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
        completionProvider: { triggerCharacters: ['"', ':', ' ', '['], resolveProvider: false },
        hoverProvider: true,
        inlayHintProvider: true,
        codeLensProvider: { resolveProvider: false },
        codeActionProvider: { codeActionKinds: ['quickfix', 'refactor.rewrite'] },
        documentSymbolProvider: true,
        definitionProvider: true,
        referencesProvider: true,
        renameProvider: textDocument?.rename?.prepareSupport === true ? { prepareProvider: true } : true,
        documentLinkProvider: { resolveProvider: false },
        documentFormattingProvider: true,
        foldingRangeProvider: true,
        selectionRangeProvider: true,
        semanticTokensProvider: { legend: LEGEND, full: true },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  });

  const readSettings = async () => {
    if (!client.configuration) return;
    const settings = (await connection.workspace.getConfiguration('hmask').catch(() => null)) as ServerSettings | null;
    hintsEnabled = settings?.inlayHints?.enabled !== false;
    if (client.refreshHints) void connection.languages.inlayHint.refresh().catch(ignore);
  };

  connection.onInitialized(() => {
    void readSettings();
    if (client.watch) {
      const watchers = [{ globPattern: '**/*.{csv,tsv,txt,gz,parquet,duckdb,ddb}' }];
      void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(ignore);
    }
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const paths = (folders: readonly { uri: string }[]) => folders.map((f) => pathOfUri(f.uri)).filter((p) => p !== null);
      const gone = new Set(paths(removed));
      documents.roots = [...documents.roots.filter((r) => !gone.has(r)), ...paths(added)];
      documents.dataChanged();
    });
  });
  connection.onDidChangeConfiguration(({ settings }: { settings: { hmask?: ServerSettings } | null }) => {
    if (settings?.hmask !== undefined) hintsEnabled = settings.hmask.inlayHints?.enabled !== false;
    else void readSettings();
  });
  connection.onDidChangeWatchedFiles(() => documents.dataChanged());
  connection.onNotification(FITTED, (params: FittedParams) => documents.fitted(params));
  connection.onNotification(FIT_FORGOTTEN, (params: FitForgottenParams) => documents.fitForgotten(params));
  connection.onShutdown(end);

  open.onDidChangeContent(({ document }) => documents.changed(document));
  open.onDidSave(() => documents.dataChanged());
  open.onDidClose(({ document }) => {
    documents.closed(document.uri);
    void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
  });

  connection.onCompletion(({ textDocument: { uri }, position }, token) =>
    answer(uri, null, token, async (context) => {
      const path = pathOfUri(uri);
      const files = path === null ? [] : await io.dataFiles(path);
      return complete(context, context.document.offsetAt(position), files) ?? completeFromSchema(context.document, position);
    }),
  );
  connection.onHover(({ textDocument: { uri }, position }, token) =>
    answer(uri, null, token, (context) => hover(context, context.document.offsetAt(position))),
  );
  connection.languages.inlayHint.on(({ textDocument: { uri }, range }, token) =>
    answer(uri, [], token, (context) => (hintsEnabled ? inlayHints(context, toOffsets(context, range)) : [])),
  );
  connection.onCodeLens(({ textDocument: { uri } }, token) => answer(uri, [], token, codeLenses));
  connection.onCodeAction(({ textDocument: { uri }, range, context: { only } }, token) =>
    answer(
      uri,
      [],
      token,
      (context) => codeActions(context, toOffsets(context, range), only ?? null, docs),
      (of) => documents.fresh(of, () => token.isCancellationRequested),
    ),
  );
  connection.onDocumentSymbol(({ textDocument: { uri } }, token) => answer(uri, [], token, documentSymbols));
  connection.onDefinition(({ textDocument: { uri }, position }, token) =>
    answer(uri, [], token, async (context) => {
      const request = documents.requestFor(uri, context.parsed);
      const header = request === null ? null : await io.header(request);
      return definition(context, context.document.offsetAt(position), header);
    }),
  );
  connection.onReferences(({ textDocument: { uri }, position, context: { includeDeclaration } }, token) =>
    answer(uri, [], token, (context) => references(context, context.document.offsetAt(position), includeDeclaration)),
  );
  connection.onPrepareRename(({ textDocument: { uri }, position }, token) =>
    answer(uri, null, token, (context) => prepareRename(context, context.document.offsetAt(position))),
  );
  connection.onRenameRequest(({ textDocument: { uri }, position, newName }, token) =>
    answer(uri, null, token, (context) => {
      const offset = context.document.offsetAt(position);
      const fault = renameFault(context, offset, newName);
      if (fault !== null) throw new ResponseError(LSPErrorCodes.RequestFailed, fault);
      return rename(context, offset, newName);
    }),
  );
  connection.onDocumentLinks(({ textDocument: { uri } }, token) => answer(uri, [], token, documentLinks));
  connection.onDocumentFormatting(({ textDocument: { uri }, options }, token) =>
    answer(uri, [], token, (context) => formatting(context, options)),
  );
  connection.onFoldingRanges(({ textDocument: { uri } }, token) => answer(uri, [], token, (context) => foldingRanges(context.document)));
  connection.onSelectionRanges(({ textDocument: { uri }, positions }, token) =>
    answer(uri, [], token, (context) => selectionRanges(context.document, positions)),
  );
  connection.languages.semanticTokens.on(({ textDocument: { uri } }, token) => answer(uri, { data: [] }, token, semanticTokens));

  open.listen(connection);
  connection.listen();
  return end;
}

function toOffsets(
  { document }: FeatureContext,
  range: { start: { line: number; character: number }; end: { line: number; character: number } },
) {
  return { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
}

/** A client that went away, or does not know a request, needs no answer. */
const ignore = (): void => undefined;
