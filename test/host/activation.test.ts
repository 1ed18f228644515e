import assert from 'node:assert/strict';
import { commands, extensions } from 'vscode';
import { showExample } from './workspace.ts';

describe('the extension', () => {
  it('knows its specs by their name', async () => {
    assert.equal((await showExample()).languageId, 'hmask');
  });

  it('registers every command of its manifest', async () => {
    await showExample();
    const { contributes } = extensions.getExtension('hmask.hmask')!.packageJSON;
    const known = new Set(await commands.getCommands(true));
    const missing = contributes.commands.map(({ command }: { command: string }) => command).filter((name: string) => !known.has(name));
    assert.deepEqual(missing, []);
  });
});
