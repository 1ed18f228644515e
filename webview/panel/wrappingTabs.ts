/** Tabs that go on in a second line where a panel is too narrow for all of them: VS Code's own would be cut. */
import { VscodeTabs } from '@vscode-elements/elements/dist/vscode-tabs/index.js';
import { css } from 'lit';

VscodeTabs.elementStyles = [
  ...VscodeTabs.elementStyles,
  css`
    .tablist {
      flex-wrap: wrap;
    }
  `,
];
