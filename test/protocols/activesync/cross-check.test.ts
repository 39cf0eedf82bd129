import assert, { AssertionError } from 'node:assert/strict';
import { test } from 'node:test';
import { matchXml } from '../../support/eas/cross-check.ts';

const ANSWER =
  '<?xml version="1.0"?><!DOCTYPE ActiveSync PUBLIC "x" "y"><FolderSync xmlns="FolderHierarchy:"><Status>1</Status><SyncKey>a.b$1</SyncKey><Changes><Count>0</Count></Changes></FolderSync>';

test('expected XML is compared whole, and its names return what stood there', () => {
  const expected = `
    <FolderSync xmlns="FolderHierarchy:">
      <Status>1</Status>
      <SyncKey>{key}</SyncKey>
      <Changes><Count>{count}</Count></Changes>
    </FolderSync>`;
  assert.deepEqual(matchXml(ANSWER, expected), { key: 'a.b$1', count: '0' });
});

test('a name that stands twice is one value; more, fewer or other elements are refused', () => {
  for (const wrong of [
    '<FolderSync xmlns="FolderHierarchy:"><Status>{x}</Status><SyncKey>{x}</SyncKey><Changes><Count>0</Count></Changes></FolderSync>',
    '<FolderSync xmlns="FolderHierarchy:"><Status>1</Status><SyncKey>{x}</SyncKey></FolderSync>',
    '<FolderSync xmlns="FolderHierarchy:"><Status>1</Status><SyncKey>aXb$1</SyncKey><Changes><Count>0</Count></Changes></FolderSync>',
    '<FolderSync xmlns="FolderHierarchy:"><Status>2</Status><SyncKey>{x}</SyncKey><Changes><Count>0</Count></Changes></FolderSync>',
  ]) {
    assert.throws(() => matchXml(ANSWER, wrong), AssertionError);
  }
});
