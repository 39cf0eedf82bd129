/** Named points inside a write and around its commit, where the kill tests end the process. */
export type StepPoint =
  | 'begin'
  | 'stamped'
  | 'item-written'
  | 'content-written'
  | 'log-written'
  | 'before-commit'
  | 'after-commit'
  | 'before-publish';

export type OnStep = (point: StepPoint) => void;
