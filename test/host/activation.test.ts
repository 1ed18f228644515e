import assert from 'node:assert/strict';
import { commands, extensions, type TextDocument, Uri, workspace } from 'vscode';

const folder = (): Uri => workspace.workspaceFolders![0]!.uri;

const openSpec = async (): Promise<TextDocument> => workspace.openTextDocument(Uri.joinPath(folder(), 'manufacturing.hmask.json'));

describe('the extension', () => {
  it('knows its specs by their name', async () => {
    assert.equal((await openSpec()).languageId, 'hmask');
  });

  it('starts', async () => {
    const extension = extensions.getExtension('hmask.hmask')!;
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('registers every command of its manifest', async () => {
    const { contributes } = extensions.getExtension('hmask.hmask')!.packageJSON;
    const known = new Set(await commands.getCommands(true));
    const missing = contributes.commands.map(({ command }: { command: string }) => command).filter((name: string) => !known.has(name));
    assert.deepEqual(missing, []);
  });
});
