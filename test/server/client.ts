/** The real server in a process of its own, driven over its standard input and output as an editor does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { Diagnostic, InitializeResult, Position, PublishDiagnosticsParams } from 'vscode-languageserver/node';
import { createMessageConnection, type MessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles the server as the build does; below the repository, so that the native module is found. */
export async function bundleServer(): Promise<string> {
  const outfile = join(root, 'out', 'test', `server-${process.pid}.cjs`);
  mkdirSync(join(root, 'out', 'test'), { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: ['server/main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['@duckdb/node-api'],
    mainFields: ['module', 'main'],
    loader: { '.wasm': 'binary' },
    logLevel: 'error',
  });
  return outfile;
}

export class Client {
  readonly folder = mkdtempSync(join(tmpdir(), 'hmask-server-'));
  readonly stderr: string[] = [];
  readonly progress: string[] = [];
  readonly refreshes: string[] = [];
  initialized: InitializeResult | null = null;
  private readonly child: ChildProcess;
  private readonly connection: MessageConnection;
  private readonly diagnostics = new Map<string, PublishDiagnosticsParams>();
  private readonly waiting: (() => void)[] = [];
  private readonly documents = new Map<string, TextDocument>();

  constructor(serverFile: string) {
    this.child = spawn(process.execPath, [serverFile, '--stdio'], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stderr!.on('data', (chunk: Buffer) => this.stderr.push(chunk.toString()));
    this.connection = createMessageConnection(new StreamMessageReader(this.child.stdout!), new StreamMessageWriter(this.child.stdin!));
    this.connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.diagnostics.set(params.uri, params);
      for (const wake of this.waiting.splice(0)) wake();
    });
    this.connection.onNotification('$/progress', ({ value }: { value: { kind: string; title?: string } }) => {
      this.progress.push(`${value.kind} ${value.title ?? ''}`.trim());
    });
    this.connection.onRequest((method: string) => {
      if (method.endsWith('/refresh')) this.refreshes.push(method);
      return method === 'workspace/configuration' ? [{}] : null;
    });
    this.connection.listen();
  }

  async start(options: object = {}): Promise<void> {
    this.initialized = await this.request<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: [{ uri: pathToFileURL(this.folder).href, name: 'test' }],
      initializationOptions: { docs: 'file:///docs/rules', ...options },
      capabilities: {
        window: { workDoneProgress: true },
        workspace: {
          configuration: true,
          inlayHint: { refreshSupport: true },
          codeLens: { refreshSupport: true },
          semanticTokens: { refreshSupport: true },
          didChangeWatchedFiles: { dynamicRegistration: true },
        },
        textDocument: { rename: { prepareSupport: true } },
      },
    });
    await this.connection.sendNotification('initialized', {});
  }

  write(name: string, text: string): string {
    writeFileSync(join(this.folder, name), text);
    return pathToFileURL(join(this.folder, name)).href;
  }

  async open(name: string, text: string): Promise<string> {
    const uri = this.write(name, text);
    this.documents.set(uri, TextDocument.create(uri, 'hmask', 1, text));
    await this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'hmask', version: 1, text } });
    return uri;
  }

  async change(uri: string, text: string): Promise<void> {
    const version = this.documents.get(uri)!.version + 1;
    this.documents.set(uri, TextDocument.create(uri, 'hmask', version, text));
    await this.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
  }

  request<T>(method: string, params: object): Promise<T> {
    return this.connection.sendRequest<T>(method, params);
  }

  notify(method: string, params: object): Promise<void> {
    return this.connection.sendNotification(method, params);
  }

  text(uri: string): string {
    return this.documents.get(uri)!.getText();
  }

  /** The place of the first occurrence of a text, plus some characters. */
  at(uri: string, text: string, plus = 0): { textDocument: { uri: string }; position: Position } {
    const document = this.documents.get(uri)!;
    const offset = document.getText().indexOf(text);
    if (offset < 0) throw new Error(`${text} is not in the document`);
    return { textDocument: { uri }, position: document.positionAt(offset + plus) };
  }

  /** The diagnostics once they satisfy a condition. */
  async diagnosticsWhen(uri: string, ready: (found: readonly Diagnostic[]) => boolean, seconds = 120): Promise<readonly Diagnostic[]> {
    const end = Date.now() + 1000 * seconds;
    for (;;) {
      const latest = this.diagnostics.get(uri);
      const found = latest?.diagnostics ?? [];
      if (latest !== undefined && ready(found)) return found;
      if (Date.now() > end) throw new Error(`the diagnostics stayed ${JSON.stringify(found.map((d) => `${d.code} ${d.message}`))}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 200);
        this.waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  async stop(): Promise<number | null> {
    const exited = new Promise<number | null>((resolve) => this.child.once('exit', resolve));
    await this.request('shutdown', {});
    await this.notify('exit', {});
    const code = await exited;
    this.connection.dispose();
    rmSync(this.folder, { recursive: true, force: true });
    return code;
  }
}
